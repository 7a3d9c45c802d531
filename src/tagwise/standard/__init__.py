"""What the DICOM standard says, as tables: attributes, VRs, UIDs, modules, IODs and SOP classes.

The tables are text files in `data/`, made by the programs in `tools/`. They are read without pydicom, each when it is
first needed, and each names the edition of the standard it comes from.
"""

"""Knowledge: what practice adds to the standard: FHIR, HL7 v2 and Modality Worklist. Text in `data/`, typed loaders.

Nothing here imports pydicom or anything else that takes long: a page of an attribute looks up a few lines of text.
"""

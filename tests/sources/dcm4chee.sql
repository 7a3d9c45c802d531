-- The columns that an audit reads, with the types and the uniqueness of dcm4chee-arc 5 (docs/sources-databases.md).
CREATE TABLE patient (pk BIGINT PRIMARY KEY, pat_birthdate VARCHAR NOT NULL, pat_sex VARCHAR NOT NULL, pat_name_fk BIGINT, merge_fk BIGINT);
CREATE TABLE patient_id (pk BIGINT PRIMARY KEY, pat_id VARCHAR NOT NULL, entity_id VARCHAR, patient_fk BIGINT NOT NULL);
CREATE TABLE person_name (pk BIGINT PRIMARY KEY, alphabetic_name VARCHAR NOT NULL);
CREATE TABLE study (pk BIGINT PRIMARY KEY, study_iuid VARCHAR NOT NULL UNIQUE, study_date VARCHAR NOT NULL, study_time VARCHAR NOT NULL, study_id VARCHAR NOT NULL, study_desc VARCHAR NOT NULL, accession_no VARCHAR NOT NULL, patient_fk BIGINT NOT NULL);
CREATE TABLE series (pk BIGINT PRIMARY KEY, series_iuid VARCHAR NOT NULL, series_no INTEGER, series_desc VARCHAR NOT NULL, modality VARCHAR NOT NULL, station_name VARCHAR NOT NULL, institution VARCHAR NOT NULL, body_part VARCHAR NOT NULL, laterality VARCHAR NOT NULL, study_fk BIGINT NOT NULL, UNIQUE (study_fk, series_iuid));
CREATE TABLE instance (pk BIGINT PRIMARY KEY, sop_iuid VARCHAR NOT NULL, sop_cuid VARCHAR NOT NULL, inst_no INTEGER, num_frames INTEGER, series_fk BIGINT NOT NULL, UNIQUE (series_fk, sop_iuid));
CREATE TABLE location (pk BIGINT PRIMARY KEY, tsuid VARCHAR, object_size BIGINT NOT NULL, storage_path VARCHAR NOT NULL, status SMALLINT NOT NULL, object_type SMALLINT NOT NULL, instance_fk BIGINT);
INSERT INTO person_name VALUES (1, 'Alpha^One');
INSERT INTO patient VALUES (1, '19700101', 'M', 1, NULL), (2, '*', 'U', NULL, NULL);
INSERT INTO patient_id VALUES (1, 'P-1', 'EAST', 1), (2, 'OLD-1', 'WEST', 1), (3, 'P-2', NULL, 2);
INSERT INTO study VALUES (1, '1.2.826.0.1.1', '20200101', '101500', '*', '*', 'A-1', 1), (2, '1.2.826.0.1.2', '*', '*', '*', '*', '*', 2);
INSERT INTO series VALUES (1, '1.2.826.0.1.1.1', 1, '*', 'CT', 'CT1', '*', '*', '*', 1), (2, '1.2.826.0.1.1.1', 1, '*', 'CT', 'CT1', '*', '*', '*', 2), (3, '1.2.826.0.1.2.2', NULL, '*', 'XX', '*', '*', '*', '*', 2);
INSERT INTO instance VALUES (1, '1.2.826.0.1.1.1.1', '1.2.840.10008.5.1.4.1.1.2', 1, NULL, 1), (2, '1.2.826.0.1.1.1.2', '1.2.840.10008.5.1.4.1.1.4', 2, NULL, 1), (3, '1.2.826.0.1.1.1.1', '1.2.840.10008.5.1.4.1.1.2', 1, NULL, 2), (4, '1.2.826.0.1.1.1.1', '1.2.840.10008.5.1.4.1.1.2', 1, NULL, 3);
INSERT INTO location VALUES (1, '1.2.840.10008.1.2.1', 1000, 'a/1', 0, 0, 1), (2, '1.2.840.10008.1.2.1', 1000, 'b/1', 0, 0, 1), (3, '1.2.840.10008.1.2.1', 1000, 'a/2', 0, 0, 2), (4, '1.2.840.10008.1.2.1', 1000, 'a/3', 0, 0, 3), (5, '1.2.840.10008.1.2.1', 1000, 'a/4', 0, 0, 4), (6, NULL, 9, 'm/1', 0, 1, NULL);

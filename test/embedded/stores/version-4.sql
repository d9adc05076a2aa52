-- A store of schema version 4, as Signet wrote it at commit e203421 (sqlite3 .dump): its tokens by a clock that stood at 2100, so
-- that they are good for long. Nothing in it is used anywhere else.
--
-- active: eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IlFuaC1ZMGtlY0FsVHMxQmRhZEg2dFBsWVJLMmFkQzJNeG9oY2JQdnFLQ28ifQ.eyJpc3MiOiJodHRwOi8vaXNzdWVyLmV4YW1wbGUiLCJleHAiOjQxMDI0NDg0MDAsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUuY29tIiwic3ViIjoiYmFja2VuZCIsImNsaWVudF9pZCI6ImJhY2tlbmQiLCJpYXQiOjQxMDI0NDQ4MDAsImp0aSI6IkRualVybWFFRTRLNWJzWUd4RlRacFEiLCJzY29wZSI6InJlYWQgd3JpdGUifQ.WYzaZlkDiOHstVtOFFwhiHn8Y5T4w6nyhlQbj5ZgNNP7xox64DI8fZWA51kUtuod_uA1KqcxAnppDAalmnT26A
-- active: signet_token_vWggxXu8KfoM0MhRfCKN75pR7aQzjHKTyYNneCpTIA004Ux44
-- revoked: eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IlFuaC1ZMGtlY0FsVHMxQmRhZEg2dFBsWVJLMmFkQzJNeG9oY2JQdnFLQ28ifQ.eyJpc3MiOiJodHRwOi8vaXNzdWVyLmV4YW1wbGUiLCJleHAiOjQxMDI0NDg0MDAsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUuY29tIiwic3ViIjoiYmFja2VuZCIsImNsaWVudF9pZCI6ImJhY2tlbmQiLCJpYXQiOjQxMDI0NDQ4MDAsImp0aSI6Ill6cVdFZmRSeFNDRVM2VTVOWHpUOUEiLCJzY29wZSI6InJlYWQgd3JpdGUifQ.HJLyBZGBj9v0_R1rhx1GC7VfOeWdra-SwjP4jvfRYlb3FYYmgpK1KyYFj_IZMYDDzGfSRjUkKDvwDYuvPB3k8Q
-- revoked: signet_token_S7LRknD8XkKnkDu5lnTVPCmaTOnlTSKo08GDkE6nyUu2ZiYo9

BEGIN TRANSACTION;
CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
INSERT INTO record VALUES('client','backend',2,'{"client_id":"backend","client_name":"Backend","client_id_issued_at":1795580885,"grant_types":["client_credentials"],"resources":[{"resource":"https://api.example.com","scope":["read","write"]},{"resource":"https://reference.example.com","scope":[]}],"default_resource":"https://api.example.com","client_secrets":[{"secret_id":"08js4xPO1","sha256":"Dfgz-Gytzl_Q9RoOOPJWk_w6i75U5Tzs008WmZq9Ytw","created_at":1795580885}],"enabled":true,"version":2}');
INSERT INTO record VALUES('client','derived',1,'{"client_id":"derived","client_id_issued_at":1795580887,"token_endpoint_auth_method":"client_secret_jwt","grant_types":["client_credentials"],"resources":[{"resource":"https://api.example.com","scope":["read"]}],"client_secrets":[{"secret_id":"13fSEcyy8","sha256":"pr5NzCFxwBR2c2sys623vW7ntQf4smajtXsdwiFXrIY","created_at":1795580887}],"enabled":true,"version":1}');
INSERT INTO record VALUES('resource','https://api.example.com',3,'{"resource":"https://api.example.com","resource_name":"Example API","scopes_supported":["read","write"],"introspection_client_ids":["backend"],"enabled":true,"created_at":1795580884,"version":3}');
INSERT INTO record VALUES('resource','https://reference.example.com',1,'{"resource":"https://reference.example.com","scopes_supported":[],"access_token_format":"reference","introspection_client_ids":["backend"],"enabled":true,"created_at":1795580886,"version":1}');
CREATE TABLE key_set (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    version INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
INSERT INTO key_set VALUES(1,1,'{"version":1,"keys":[{"kid":"Qnh-Y0kecAlTs1BdadH6tPlYRK2adC2MxohcbPvqKCo","alg":"ES256","public_jwk":{"kty":"EC","crv":"P-256","x":"cEweEIHEb1RaWmPmVM6jTfrd2cpgEheHsGkn1lxFh1M","y":"0Z7i4vNqdPSx33TwL789kOFqrkvZtO9mgaVZS0uOXwk"},"private_key_reference":"Qnh-Y0kecAlTs1BdadH6tPlYRK2adC2MxohcbPvqKCo","published_at":1795580884,"signs_from":1795580884}]}');
CREATE TABLE private_key (
    reference TEXT PRIMARY KEY,
    pkcs8 BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO private_key VALUES('Qnh-Y0kecAlTs1BdadH6tPlYRK2adC2MxohcbPvqKCo',X'308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02010104205a8b2f38f79fa2e89b080f5d2219e57b6f86053b6b35381205f354df8dd1009ca14403420004704c1e1081c46f545a5a63e654cea34dfaddd9ca60121787b06927d65c458753d19ee2e2f36a74f4b1df74f02fbf3d90e16aae4bd9b4ef6681a5594b4b8e5f09');
CREATE TABLE revoked_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO revoked_token VALUES('YzqWEfdRxSCES6U5NXzT9A',4102448400);
INSERT INTO revoked_token VALUES('aHsPN9oLTbtfoTq9Oe_MjVRO558iuBWRzGknEoMU_Bg',4102448400);
CREATE TABLE reference_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    claims TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO reference_token VALUES('JqmiaA3UezTBlAd9qqtPh9y4-_UAyrcOPy-jIPZysYo',4102448400,'{"iss":"http://issuer.example","exp":4102448400,"aud":"https://reference.example.com","sub":"backend","client_id":"backend","iat":4102444800,"jti":"JqmiaA3UezTBlAd9qqtPh9y4-_UAyrcOPy-jIPZysYo"}');
INSERT INTO reference_token VALUES('aHsPN9oLTbtfoTq9Oe_MjVRO558iuBWRzGknEoMU_Bg',4102448400,'{"iss":"http://issuer.example","exp":4102448400,"aud":"https://reference.example.com","sub":"backend","client_id":"backend","iat":4102444800,"jti":"aHsPN9oLTbtfoTq9Oe_MjVRO558iuBWRzGknEoMU_Bg"}');
CREATE TABLE replay (
    key TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO replay VALUES('rZ7T9qXF4z9VAD2wTr5uK_grZ5igZ97tE4-bvmWpztg',4102444923);
CREATE TABLE derivation_key (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    key BLOB NOT NULL
  ) STRICT;
INSERT INTO derivation_key VALUES(1,X'9b8e046ae1b44683f661519681d1734295f83122c3025b68bfd1fbf831f3d0374c5cdb284deb73aa6b48c076a7491a26af19f17a6eb187023bd73010e1578263');
CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at);
CREATE INDEX reference_token_by_expiry ON reference_token (expires_at);
CREATE INDEX replay_by_expiry ON replay (expires_at);
COMMIT;
PRAGMA user_version = 4;

-- A store of schema version 3, as Signet wrote it at commit 903c1cd (sqlite3 .dump): its tokens by a clock that stood at 2100, so
-- that they are good for long. Nothing in it is used anywhere else.
--
-- active: eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6Im9aSmZoSlBUM0tOd0NlLUJrc3RjVEpxQk93ckpWNEJZT01iRnpSM0RpVEEifQ.eyJpc3MiOiJodHRwOi8vaXNzdWVyLmV4YW1wbGUiLCJleHAiOjQxMDI0NDg0MDAsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUuY29tIiwic3ViIjoiYmFja2VuZCIsImNsaWVudF9pZCI6ImJhY2tlbmQiLCJpYXQiOjQxMDI0NDQ4MDAsImp0aSI6Ik5lS3dQVmZhaXZ3OE5tUUk3OGphYWciLCJzY29wZSI6InJlYWQgd3JpdGUifQ.PQFiG5w1WVPc3bKPhnMoXR2lEeizy9Pz6Gum6mZ5Hh3UH2xRlo1CuI-0F8-PkJH0jr8oRQ-njstpFVVaUa9JTg
-- active: signet_token_XtkLwq5Ra9tESpUq87e6XfHLX7vhaTwGMJtSFdWcTjQ3Q343K
-- revoked: eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6Im9aSmZoSlBUM0tOd0NlLUJrc3RjVEpxQk93ckpWNEJZT01iRnpSM0RpVEEifQ.eyJpc3MiOiJodHRwOi8vaXNzdWVyLmV4YW1wbGUiLCJleHAiOjQxMDI0NDg0MDAsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUuY29tIiwic3ViIjoiYmFja2VuZCIsImNsaWVudF9pZCI6ImJhY2tlbmQiLCJpYXQiOjQxMDI0NDQ4MDAsImp0aSI6IkxVWlhHRzhZci0wN3hGQkFPeFJxSEEiLCJzY29wZSI6InJlYWQgd3JpdGUifQ.78wWP84ymJfTfe20wbDlqRyT4gVwBiUS1HXauhgn6GNltoyMlf3zK-oPyYg-KgFNvJS7B1CCosg3IrafRIb52w
-- revoked: signet_token_xFcB2YDq0pkGwniTNnvXBcMh5LVy8Ok82LCdRa3MBiH2UO6ZP

BEGIN TRANSACTION;
CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
INSERT INTO record VALUES('client','backend',2,'{"client_id":"backend","client_name":"Backend","client_id_issued_at":1795580882,"grant_types":["client_credentials"],"resources":[{"resource":"https://api.example.com","scope":["read","write"]},{"resource":"https://reference.example.com","scope":[]}],"default_resource":"https://api.example.com","client_secrets":[{"secret_id":"1GSghRIyo","sha256":"Dfgz-Gytzl_Q9RoOOPJWk_w6i75U5Tzs008WmZq9Ytw","created_at":1795580882}],"enabled":true,"version":2}');
INSERT INTO record VALUES('resource','https://api.example.com',3,'{"resource":"https://api.example.com","resource_name":"Example API","scopes_supported":["read","write"],"introspection_client_ids":["backend"],"enabled":true,"created_at":1795580881,"version":3}');
INSERT INTO record VALUES('resource','https://reference.example.com',1,'{"resource":"https://reference.example.com","scopes_supported":[],"access_token_format":"reference","introspection_client_ids":["backend"],"enabled":true,"created_at":1795580883,"version":1}');
CREATE TABLE key_set (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    version INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
INSERT INTO key_set VALUES(1,1,'{"version":1,"keys":[{"kid":"oZJfhJPT3KNwCe-BkstcTJqBOwrJV4BYOMbFzR3DiTA","alg":"ES256","public_jwk":{"kty":"EC","crv":"P-256","x":"atYfD-fut8oldjxu51IPzJdoxheEvyHDM2BG8KvfvYU","y":"EavUB_l4MRDu1JrsXxGQM3kXF-1shqdenuZMcdW0j7s"},"private_key_reference":"oZJfhJPT3KNwCe-BkstcTJqBOwrJV4BYOMbFzR3DiTA","published_at":1795580881,"signs_from":1795580881}]}');
CREATE TABLE private_key (
    reference TEXT PRIMARY KEY,
    pkcs8 BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO private_key VALUES('oZJfhJPT3KNwCe-BkstcTJqBOwrJV4BYOMbFzR3DiTA',X'308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420d639d09457e5760d17dc390fc046e055044e55d21dc16f5388b8bc087d78d466a144034200046ad61f0fe7eeb7ca25763c6ee7520fcc9768c61784bf21c3336046f0abdfbd8511abd407f9783110eed49aec5f119033791717ed6c86a75e9ee64c71d5b48fbb');
CREATE TABLE revoked_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO revoked_token VALUES('0dcdWB3MuiFdZWSbrI4LuH1mlpfDD_6rsmNNiqqMhVM',4102448400);
INSERT INTO revoked_token VALUES('LUZXGG8Yr-07xFBAOxRqHA',4102448400);
CREATE TABLE reference_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    claims TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO reference_token VALUES('0dcdWB3MuiFdZWSbrI4LuH1mlpfDD_6rsmNNiqqMhVM',4102448400,'{"iss":"http://issuer.example","exp":4102448400,"aud":"https://reference.example.com","sub":"backend","client_id":"backend","iat":4102444800,"jti":"0dcdWB3MuiFdZWSbrI4LuH1mlpfDD_6rsmNNiqqMhVM"}');
INSERT INTO reference_token VALUES('VKMuo-u-o5ntPbxdu46nZCGWnQJm_nlsdNLfWY_yzA0',4102448400,'{"iss":"http://issuer.example","exp":4102448400,"aud":"https://reference.example.com","sub":"backend","client_id":"backend","iat":4102444800,"jti":"VKMuo-u-o5ntPbxdu46nZCGWnQJm_nlsdNLfWY_yzA0"}');
CREATE TABLE replay (
    key TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO replay VALUES('f2Du7EnckdrBjJoBelEeQAZ5L0uN87gCNGUjK3Yj1dc',4102444923);
CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at);
CREATE INDEX reference_token_by_expiry ON reference_token (expires_at);
CREATE INDEX replay_by_expiry ON replay (expires_at);
COMMIT;
PRAGMA user_version = 3;

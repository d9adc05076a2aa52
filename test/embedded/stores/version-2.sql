-- A store of schema version 2, as Signet wrote it at commit 257cdee (sqlite3 .dump): its tokens by a clock that stood at 2100, so
-- that they are good for long. Nothing in it is used anywhere else.
--
-- active: eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IkJmakxmUEYyVjVqb2xGa21KM1JUYm96bHJIQVVQWVBtQ1FBMUhtcG0xSjQifQ.eyJpc3MiOiJodHRwOi8vaXNzdWVyLmV4YW1wbGUiLCJleHAiOjQxMDI0NDg0MDAsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUuY29tIiwic3ViIjoiYmFja2VuZCIsImNsaWVudF9pZCI6ImJhY2tlbmQiLCJpYXQiOjQxMDI0NDQ4MDAsImp0aSI6Im12dVF2VHZmaDBXTXBBNkYyZ09fRWciLCJzY29wZSI6InJlYWQgd3JpdGUifQ.nhafreQyV9wadFVZv5zbyfemoAn2ZwD5nyjihg-Kpg_17jGqViBuLEMsslNgKDuIuK9uTzkJsrV6gF42EjGMXQ
-- active: signet_token_OgyYJUlSoiHLAGdsszCs0Zzrbd00zzYmgDFEnu83FcK2snhED
-- revoked: eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6IkJmakxmUEYyVjVqb2xGa21KM1JUYm96bHJIQVVQWVBtQ1FBMUhtcG0xSjQifQ.eyJpc3MiOiJodHRwOi8vaXNzdWVyLmV4YW1wbGUiLCJleHAiOjQxMDI0NDg0MDAsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUuY29tIiwic3ViIjoiYmFja2VuZCIsImNsaWVudF9pZCI6ImJhY2tlbmQiLCJpYXQiOjQxMDI0NDQ4MDAsImp0aSI6ImxVcXNiVGVNbnU1RlpUWGxOaEtkeVEiLCJzY29wZSI6InJlYWQgd3JpdGUifQ.zODDu3isC6fcN7j65xB2IbN26UmpzTkedeukk5enThkb2w47PNgH_oSDuaFGNvNN9YNy0f_PWDyU055wbmJydQ
-- revoked: signet_token_YNToeR6BDyH5xksIV994RJrDPPL2W315Nte0g4piFFR1PHaYv

BEGIN TRANSACTION;
CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
INSERT INTO record VALUES('client','backend',2,'{"client_id":"backend","client_name":"Backend","client_id_issued_at":1795580879,"grant_types":["client_credentials"],"resources":[{"resource":"https://api.example.com","scope":["read","write"]},{"resource":"https://reference.example.com","scope":[]}],"default_resource":"https://api.example.com","client_secrets":[{"secret_id":"17Iak7sUH","sha256":"Dfgz-Gytzl_Q9RoOOPJWk_w6i75U5Tzs008WmZq9Ytw","created_at":1795580879}],"enabled":true,"version":2}');
INSERT INTO record VALUES('resource','https://api.example.com',3,'{"resource":"https://api.example.com","resource_name":"Example API","scopes_supported":["read","write"],"introspection_client_ids":["backend"],"enabled":true,"created_at":1795580878,"version":3}');
INSERT INTO record VALUES('resource','https://reference.example.com',1,'{"resource":"https://reference.example.com","scopes_supported":[],"access_token_format":"reference","introspection_client_ids":["backend"],"enabled":true,"created_at":1795580880,"version":1}');
CREATE TABLE key_set (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    version INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
INSERT INTO key_set VALUES(1,1,'{"version":1,"keys":[{"kid":"BfjLfPF2V5jolFkmJ3RTbozlrHAUPYPmCQA1Hmpm1J4","alg":"ES256","public_jwk":{"kty":"EC","crv":"P-256","x":"BgI8yi0oysVY17aqmANjCsUiVn-c8RNnebudKu8476A","y":"6WqO9UKZ8niEme18I4kpgldkD3sBuCPx7ejvyr3c-tI"},"private_key_reference":"BfjLfPF2V5jolFkmJ3RTbozlrHAUPYPmCQA1Hmpm1J4","published_at":1795580878,"signs_from":1795580878}]}');
CREATE TABLE private_key (
    reference TEXT PRIMARY KEY,
    pkcs8 BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO private_key VALUES('BfjLfPF2V5jolFkmJ3RTbozlrHAUPYPmCQA1Hmpm1J4',X'308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02010104207f82fc0920f215b3990bb61e9346194cdd7f538c1d38a9b01aeab11cda3fc057a1440342000406023cca2d28cac558d7b6aa9803630ac522567f9cf1136779bb9d2aef38efa0e96a8ef54299f2788499ed7c2389298257640f7b01b823f1ede8efcabddcfad2');
CREATE TABLE revoked_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO revoked_token VALUES('SCjmdpMLFgxHBb1q7W2oC1Erh7KI9iFCaHYB0-rX-7s',4102448400);
INSERT INTO revoked_token VALUES('lUqsbTeMnu5FZTXlNhKdyQ',4102448400);
CREATE TABLE reference_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    claims TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO reference_token VALUES('BPF5D6KErd2Qj7HtgQRUL8TghuyJRr8JR2kO3oiNnNQ',4102448400,'{"iss":"http://issuer.example","exp":4102448400,"aud":"https://reference.example.com","sub":"backend","client_id":"backend","iat":4102444800,"jti":"BPF5D6KErd2Qj7HtgQRUL8TghuyJRr8JR2kO3oiNnNQ"}');
INSERT INTO reference_token VALUES('SCjmdpMLFgxHBb1q7W2oC1Erh7KI9iFCaHYB0-rX-7s',4102448400,'{"iss":"http://issuer.example","exp":4102448400,"aud":"https://reference.example.com","sub":"backend","client_id":"backend","iat":4102444800,"jti":"SCjmdpMLFgxHBb1q7W2oC1Erh7KI9iFCaHYB0-rX-7s"}');
CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at);
CREATE INDEX reference_token_by_expiry ON reference_token (expires_at);
COMMIT;
PRAGMA user_version = 2;

-- A store of schema version 1, as Signet wrote it at commit 2a3ca30 (sqlite3 .dump): its tokens by a clock that stood at 2100, so
-- that they are good for long. Nothing in it is used anywhere else.
--
-- active: eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6ImFhSmhmYWg0LUFrSUxmb3NRZEZXTzFzNThVQjlLTHpjRjJzRXZTTUVEU3cifQ.eyJpc3MiOiJodHRwOi8vaXNzdWVyLmV4YW1wbGUiLCJleHAiOjQxMDI0NDg0MDAsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUuY29tIiwic3ViIjoiYmFja2VuZCIsImNsaWVudF9pZCI6ImJhY2tlbmQiLCJpYXQiOjQxMDI0NDQ4MDAsImp0aSI6InUxMHhBWU9hbDhOYTFpdUFuRVlRdlEiLCJzY29wZSI6InJlYWQgd3JpdGUifQ.vXf7r95mDGT82gOmTVAKfvoG-3qysQW6c5eOoyJo54zHiPRagtu4UiRV9aAf5pkZu99AeGJTzdsJb6G9C2Bixw
-- revoked: eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiIsImtpZCI6ImFhSmhmYWg0LUFrSUxmb3NRZEZXTzFzNThVQjlLTHpjRjJzRXZTTUVEU3cifQ.eyJpc3MiOiJodHRwOi8vaXNzdWVyLmV4YW1wbGUiLCJleHAiOjQxMDI0NDg0MDAsImF1ZCI6Imh0dHBzOi8vYXBpLmV4YW1wbGUuY29tIiwic3ViIjoiYmFja2VuZCIsImNsaWVudF9pZCI6ImJhY2tlbmQiLCJpYXQiOjQxMDI0NDQ4MDAsImp0aSI6ImdDb2NpclEzNHlPbWxUMkUzRGk4dWciLCJzY29wZSI6InJlYWQgd3JpdGUifQ.kkoSiP4Embxa1WLDDY0n0Z8SqaODrbld-ydRmqS7iIoAAZ0-e4A70qHcYz-sG2c6VItKh6HLOOCHNg_fxWdc5w

BEGIN TRANSACTION;
CREATE TABLE record (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
INSERT INTO record VALUES('client','backend',1,'{"client_id":"backend","client_name":"Backend","client_id_issued_at":1795580877,"grant_types":["client_credentials"],"resources":[{"resource":"https://api.example.com","scope":["read","write"]}],"client_secrets":[{"secret_id":"12tfpLBfY","sha256":"Dfgz-Gytzl_Q9RoOOPJWk_w6i75U5Tzs008WmZq9Ytw","created_at":1795580877}],"enabled":true,"version":1}');
INSERT INTO record VALUES('resource','https://api.example.com',3,'{"resource":"https://api.example.com","resource_name":"Example API","scopes_supported":["read","write"],"introspection_client_ids":["backend"],"enabled":true,"created_at":1795580876,"version":3}');
CREATE TABLE key_set (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    version INTEGER NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
INSERT INTO key_set VALUES(1,1,'{"version":1,"keys":[{"kid":"aaJhfah4-AkILfosQdFWO1s58UB9KLzcF2sEvSMEDSw","alg":"ES256","public_jwk":{"kty":"EC","crv":"P-256","x":"xdWHdUweeSARdbosQRen_rmgX2Fm42B0BGCmC1rxEbo","y":"ZOwt2iqwfmBY-aIo7qkYj2A2pd4osLIWwLLPdJ2RROw"},"private_key_reference":"aaJhfah4-AkILfosQdFWO1s58UB9KLzcF2sEvSMEDSw","published_at":1795580876,"signs_from":1795580876}]}');
CREATE TABLE private_key (
    reference TEXT PRIMARY KEY,
    pkcs8 BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO private_key VALUES('aaJhfah4-AkILfosQdFWO1s58UB9KLzcF2sEvSMEDSw',X'308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02010104202a5a69080af63ea2ad8a077c75c94677e4ad71cba853bc94d8eecfb5213f2615a14403420004c5d587754c1e79201175ba2c4117a7feb9a05f6166e360740460a60b5af111ba64ec2dda2ab07e6058f9a228eea9188f6036a5de28b0b216c0b2cf749d9144ec');
CREATE TABLE revoked_token (
    jti TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO revoked_token VALUES('gCocirQ34yOmlT2E3Di8ug',4102448400);
CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at);
COMMIT;
PRAGMA user_version = 1;

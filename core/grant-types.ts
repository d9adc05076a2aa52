/** The grant in which a client asks for itself (RFC 6749 §4.4.2). */
export const CLIENT_CREDENTIALS = 'client_credentials';

/** The grant in which a client asks for another, whose token it has (RFC 8693 §2.1). */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The grants that work here, as clients are registered for them (RFC 7591 §2) and the metadata lists them (RFC 8414 §2). */
export const GRANT_TYPES = [CLIENT_CREDENTIALS, TOKEN_EXCHANGE] as const;

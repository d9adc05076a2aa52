/** The headers that an endpoint decides on its way: they go out with whatever it answers then, with errors too. */
export type ResponseHeaders = {
  /** The nonce that the next proof is to have (RFC 9449 §8). */
  'DPoP-Nonce'?: string;
};

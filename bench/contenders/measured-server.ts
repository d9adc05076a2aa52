/** A server in a process of its own that answers requests for tokens or of another kind, and the CPU that it uses. */
export interface MeasuredServer {
  readonly url: string;
  readonly client: { readonly client_id: string; readonly client_secret: string };
  /** The body of a request: not all of them give a scope and an audience that nobody asks for. */
  readonly form: string;
  /** Those that ask in turn, by their `Authorization` headers; the client alone when absent. */
  readonly authorizations?: readonly string[];
  /** Microseconds that all threads of the process have run for. */
  cpuMicroseconds(): Promise<number>;
  stop(): Promise<void>;
}

/** The body that says least. */
export const PLAIN_FORM = 'grant_type=client_credentials';

/** What a server is measured with, where it needs to be told. */
export const CLIENT = { client_id: 'bench', client_secret: 'd41d8cd98f00b204e9800998ecf8427e' };
export const RESOURCE = 'https://api.example.com';
export const LIFETIME_SECONDS = 3_600;

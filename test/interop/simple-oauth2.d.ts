declare module 'simple-oauth2' {
  export class ClientCredentials {
    constructor(options: {
      readonly client: { readonly id: string; readonly secret: string };
      readonly auth: {
        readonly tokenHost: string;
        readonly tokenPath: string;
        readonly revokePath: string;
      };
      readonly options: {
        readonly authorizationMethod?: 'header' | 'body';
        readonly credentialsEncodingMode?: 'strict' | 'loose';
      };
    });
    getToken(parameters: {
      readonly scope?: string | readonly string[];
      readonly resource?: string;
    }): Promise<AccessToken>;
  }

  export interface AccessToken {
    readonly token: Readonly<Record<string, unknown>>;
    expired(): boolean;
    revoke(tokenType: 'access_token'): Promise<void>;
  }
}

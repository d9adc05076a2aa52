import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ENDPOINT_PATHS } from '../core/metadata.ts';
import { signingKeysOutput } from './home-issuer.ts';
import { TokenIssuer } from './token-issuer.ts';
import type { IssuerDomain, MutualTlsDomain, TokenIssuerProps } from './token-issuer-props.ts';

/** A domain by the identifiers of what it needs. */
export interface DomainIdentifiers {
  readonly domainName: string;
  readonly certificateArn: string;
  readonly hostedZoneId?: string;
  readonly mutualTls?: { readonly domainName: string; readonly truststore: Truststore };
}

/** Where a trust store is in S3. */
interface Truststore {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string;
}

/** What can be chosen of an issuer's stack. */
export type SignetStackProps = Omit<TokenIssuerProps, 'domain' | 'tokenHook' | 'alarmTopic'> & {
  readonly domain?: DomainIdentifiers;
  readonly tokenHookArn?: string;
  readonly alarmTopicArn?: string;
};

/** One issuer in a stack, with the outputs by which `signet --stack` and its users find it. */
export class SignetStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { domain, tokenHookArn, alarmTopicArn, ...props }: SignetStackProps,
  ) {
    super(scope, id, { description: 'Signet, an OAuth 2.0 token issuer for machines' });
    const issuer = new TokenIssuer(this, 'Issuer', {
      ...props,
      ...(domain ? { domain: this.#importDomain(domain) } : {}),
      ...(tokenHookArn === undefined
        ? {}
        : { tokenHook: LambdaFunction.fromFunctionArn(this, 'TokenHook', tokenHookArn) }),
      ...(alarmTopicArn === undefined
        ? {}
        : { alarmTopic: Topic.fromTopicArn(this, 'AlarmTopic', alarmTopicArn) }),
    });
    const outputs = {
      SignetIssuer: issuer.identifier,
      SignetTokenEndpoint: issuer.identifier + ENDPOINT_PATHS.token_endpoint,
      SignetJwksUri: issuer.identifier + ENDPOINT_PATHS.jwks_uri,
      SignetApiEndpoint: issuer.api.url,
      SignetClientsTable: issuer.tables.clients.tableName,
      SignetKeysTable: issuer.tables.keys.tableName,
      SignetTokensTable: issuer.tables.tokens.tableName,
      ...(issuer.clientSecretKey ? { SignetClientSecretKey: issuer.clientSecretKey.keyArn } : {}),
      ...(issuer.wrappingKeyArn === undefined ? {} : { SignetWrappingKey: issuer.wrappingKeyArn }),
      ...(issuer.signingKeyTag === undefined ? {} : { SignetSigningKeyTag: issuer.signingKeyTag }),
      ...(props.replicaRegions && !props.replicaOf && issuer.signingKeys.length > 0
        ? { SignetSigningKeys: signingKeysOutput(issuer.signingKeys) }
        : {}),
      ...(issuer.domain ? { SignetDomainTarget: issuer.domain.target } : {}),
      ...(issuer.mutualTlsDomain ? { SignetMutualTlsDomainTarget: issuer.mutualTlsDomain.target } : {}),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  #importDomain({ domainName, certificateArn, hostedZoneId, mutualTls }: DomainIdentifiers): IssuerDomain {
    const certificate = Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    const domain = {
      domainName,
      certificate,
      ...(mutualTls ? { mutualTls: this.#importMutualTls(mutualTls) } : {}),
    };
    if (hostedZoneId === undefined) return domain;
    // The zone's name would only complete a record's name, and the record's is complete.
    const hostedZone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId,
      zoneName: domainName,
    });
    return { ...domain, hostedZone };
  }

  #importMutualTls({ domainName, truststore }: NonNullable<DomainIdentifiers['mutualTls']>): MutualTlsDomain {
    const truststoreBucket = Bucket.fromBucketName(this, 'Truststore', truststore.bucket);
    const { key, version } = truststore;
    return {
      domainName,
      truststoreBucket,
      truststoreKey: key,
      ...(version === undefined ? {} : { truststoreVersion: version }),
    };
  }
}

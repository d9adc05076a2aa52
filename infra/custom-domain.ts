import { Aws } from 'aws-cdk-lib';
import { CfnApiMapping, DomainName, type MTLSConfig, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { ARecord, type IHealthCheck, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { IssuerApi } from './issuer-api.ts';
import type { IssuerDomain } from './token-issuer-props.ts';

/** A domain that leads to an API, of either kind. */
export class CustomDomain extends Construct {
  /** The name that the domain's record has to point at. */
  readonly target: string;

  constructor(
    scope: Construct,
    id: string,
    { domainName, certificate, hostedZone }: Omit<IssuerDomain, 'mutualTls'>,
    api: IssuerApi,
    { mtls, healthCheck }: { readonly mtls?: MTLSConfig; readonly healthCheck?: IHealthCheck | undefined },
  ) {
    super(scope, id);
    const domain = new DomainName(this, 'Name', {
      domainName,
      certificate,
      securityPolicy: SecurityPolicy.TLS_1_2,
      ...(mtls ? { mtls } : {}),
    });
    this.target = domain.regionalDomainName;
    const mapping = new CfnApiMapping(this, 'Mapping', {
      apiId: api.apiId,
      stage: api.stage.stageName,
      domainName: domain.name,
    });
    mapping.node.addDependency(api.stage);
    if (hostedZone) {
      new ARecord(this, 'Record', {
        zone: hostedZone,
        // With its dot: the zone is named after the issuer's domain, and would be put behind any other.
        recordName: `${domainName}.`,
        target: RecordTarget.fromAlias(
          new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId),
        ),
        // Of the Regions that are well, DNS names the one that is nearest to who asks.
        ...(healthCheck ? { region: Aws.REGION, setIdentifier: Aws.REGION, healthCheck } : {}),
      });
    }
  }
}

import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

/** The tables of an issuer, apart so that each function can be given the ones it needs. */
export class Tables extends Construct {
  /** Clients and resources. */
  readonly clients: Table;
  /** The key set. */
  readonly keys: Table;
  /** Reference tokens, and revoked ones. */
  readonly tokens: Table;

  constructor(scope: Construct, id: string, { throwAway }: { readonly throwAway: boolean }) {
    super(scope, id);
    const table = (tableId: string, timeToLiveAttribute?: string) =>
      new Table(this, tableId, {
        partitionKey: { name: 'record', type: AttributeType.STRING },
        billingMode: BillingMode.PAY_PER_REQUEST,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        // By a key that AWS owns: no table has a secret in it, and a key in this account would add its price and its quota.
        encryption: TableEncryption.DEFAULT,
        deletionProtection: !throwAway,
        removalPolicy: throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
        ...(timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute }),
      });

    this.clients = table('Clients');
    // For listings: a page of one kind, in the order of identifiers.
    this.clients.addGlobalSecondaryIndex({
      indexName: 'ByKind',
      partitionKey: { name: 'kind', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    this.keys = table('Keys');
    this.tokens = table('Tokens', 'expires_at');
  }
}

import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnGlobalTable, type CfnGlobalTableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { HomeIssuer } from './token-issuer-props.ts';

/** A table in this Region, as functions are given it. */
export interface IssuerTable {
  readonly tableName: string;
  readonly tableArn: string;
}

/** The tables of an issuer, apart so that each function can be given the ones it needs. */
export interface IssuerTables {
  /** Clients and resources. */
  readonly clients: IssuerTable;
  /** The key set. */
  readonly keys: IssuerTable;
  /** Reference tokens, and revoked ones. */
  readonly tokens: IssuerTable;
}

/** What can be chosen of tables. */
interface TablesProps {
  readonly throwAway: boolean;
  /** Where they are replicated, besides this Region; none is an ordinary table. */
  readonly replicaRegions: readonly string[];
}

const text = (attributeName: string) => ({ attributeName, attributeType: 'S' });

/**
 * The tables that an issuer's stack makes.
 *
 * By CloudFormation's own properties: CDK's construct of such a table wants to know its Region before it is deployed.
 */
export class Tables extends Construct implements IssuerTables {
  readonly clients: IssuerTable;
  readonly keys: IssuerTable;
  readonly tokens: IssuerTable;

  constructor(scope: Construct, id: string, { throwAway, replicaRegions }: TablesProps) {
    super(scope, id);
    const table = (tableId: string, further: Partial<CfnGlobalTableProps> = {}): IssuerTable => {
      const created = new CfnGlobalTable(this, tableId, {
        attributeDefinitions: [text('record')],
        keySchema: [{ attributeName: 'record', keyType: 'HASH' }],
        billingMode: 'PAY_PER_REQUEST',
        // By a key that AWS owns: no table has a secret in it, and a key in this account would add its price and its quota.
        sseSpecification: { sseEnabled: false },
        replicas: [Aws.REGION, ...replicaRegions].map((region) => ({
          region,
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
          deletionProtectionEnabled: !throwAway,
        })),
        // What replication reads.
        ...(replicaRegions.length > 0
          ? { streamSpecification: { streamViewType: 'NEW_AND_OLD_IMAGES' } }
          : {}),
        ...further,
      });
      created.applyRemovalPolicy(throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN);
      return { tableName: created.ref, tableArn: created.attrArn };
    };

    this.clients = table('Clients', {
      attributeDefinitions: [text('record'), text('kind'), text('id')],
      // For listings: a page of one kind, in the order of identifiers.
      globalSecondaryIndexes: [
        {
          indexName: 'ByKind',
          keySchema: [
            { attributeName: 'kind', keyType: 'HASH' },
            { attributeName: 'id', keyType: 'RANGE' },
          ],
          projection: { projectionType: 'ALL' },
        },
      ],
    });
    this.keys = table('Keys');
    this.tokens = table('Tokens', {
      timeToLiveSpecification: { attributeName: 'expires_at', enabled: true },
    });
  }
}

/** The tables of an issuer as another Region than its home has them: replicas, by the same names. */
export function replicaTables(scope: Construct, home: HomeIssuer): IssuerTables {
  const replica = (tableName: string): IssuerTable => ({
    tableName,
    tableArn: Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName }),
  });
  return {
    clients: replica(home.clientsTable),
    keys: replica(home.keysTable),
    tokens: replica(home.tokensTable),
  };
}

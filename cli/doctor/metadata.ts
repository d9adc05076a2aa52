import { issuerPath } from '../../core/issuer-identifier.ts';
import { ENDPOINT_PATHS, issuerMetadata, metadataPaths } from '../../core/metadata.ts';
import type { Check, Fault } from './check.ts';
import { type Deployment, requireOutput } from './deployment.ts';

/** What clients find the issuer by: another value leads them elsewhere. */
const NAMES = ['issuer', ...Object.keys(ENDPOINT_PATHS)];

/** Whether clients find the issuer where it says it is (RFC 8414 §3), with all that an issuer tells. */
export const metadata: Check = {
  name: 'metadata',
  well: 'it is where clients look for it, names the issuer, and is complete',
  async findFaults(deployment) {
    const issuer = requireOutput(deployment, 'SignetIssuer');
    const urls = metadataPaths(issuerPath(issuer)).map((path) => new URL(path, issuer).href);
    const faults = urls.map((url) => checkDocument(url, issuer, deployment));
    return (await Promise.all(faults)).flat();
  },
};

async function checkDocument(
  url: string,
  identifier: string,
  deployment: Deployment,
): Promise<readonly Fault[]> {
  const fetched = await deployment.fetchDocument(url);
  if ('found' in fetched) return [fetched];
  const expected = issuerMetadata({ identifier }, []);
  const told = ([name, value]: [string, unknown]) => {
    const { [name]: actual } = fetched.document;
    return NAMES.includes(name) ? actual === value : actual !== undefined;
  };
  const untold = Object.entries(expected).filter((member) => !told(member));
  if (untold.length === 0) return [];
  const members = untold.map(([name, value]) => (NAMES.includes(name) ? `${name} ${value}` : name));
  return [
    {
      found: `${url} does not tell ${members.join(', ')}`,
      mend: 'see where the name of the issuer leads to, for another stack or a cache answers there, or deploy this version: npx cdk deploy',
    },
  ];
}

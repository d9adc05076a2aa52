/** How KMS finds here the key that an ARN names: a multi-Region key has another ARN in each Region, and one id in all of them. */
export function keyInThisRegion(arn: string): string {
  return /(?<=:key\/)mrk-.+/.exec(arn)?.[0] ?? arn;
}

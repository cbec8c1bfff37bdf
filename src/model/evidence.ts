/** A fact that a person can look up: which asset says it, and in which file of the snapshot. */
export interface Evidence {
  readonly asset: string;
  /** A sentence, e.g. `rule sgr-0abc allows tcp/22 from 0.0.0.0/0`. */
  readonly fact: string;
  /** Path of the answer inside the snapshot, e.g. `111122223333/us-east-1/ec2/DescribeSecurityGroups.json`. */
  readonly source: string;
}

import { memorySnapshot, type WholeSnapshot } from '../../../src/snapshot/index.js';
import { REGION } from '../miniature.js';

/** Another partition of AWS, and a region of it. */
export interface Partition {
  readonly id: string;
  readonly region: string;
}

/** The one in which examples are written. */
export const COMMERCIAL: Partition = { id: 'aws', region: REGION };
export const PARTITIONS = [
  { id: 'aws-us-gov', region: 'us-gov-west-1' },
  { id: 'aws-cn', region: 'cn-north-1' },
] as const satisfies readonly Partition[];

/** A text as it would stand in another partition. */
export const textIn = ({ id, region }: Partition, text: string): string =>
  text.replaceAll('arn:aws:', `arn:${id}:`).replaceAll(REGION, region);

/** The same account with statements that are about all ARNs of its partition, where they were about everything. */
export const narrowed = ({ everyAnswer, gaps }: WholeSnapshot): WholeSnapshot => {
  const text = JSON.stringify(everyAnswer).replaceAll(/("Resource\\*":\\*)"\*/g, '$1"arn:aws:*');
  return memorySnapshot({ answers: JSON.parse(text) as WholeSnapshot['everyAnswer'], gaps });
};

/** Roles of instances trust EC2 by its name in China. */
const trustingChina = (text: string): string => text.replaceAll(/("Service\\*":\\*"ec2\.amazonaws\.com)/g, '$1.cn');

/** The same account in another partition: every ARN and region is of that. */
export function snapshotIn(partition: Partition, { everyAnswer, gaps }: WholeSnapshot): WholeSnapshot {
  const moved = <T>(value: T): T => {
    const text = textIn(partition, JSON.stringify(value));
    return JSON.parse(partition.id === 'aws-cn' ? trustingChina(text) : text) as T;
  };
  return memorySnapshot({ answers: moved(everyAnswer), gaps: moved(gaps) });
}

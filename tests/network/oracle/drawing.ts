import type { Cloud } from './cloud.js';
import type { Draw } from './draw.js';
import type { Vpc } from './draw-vpc.js';

/** What the parts of a drawing share. */
export interface Drawing {
  readonly draw: Draw;
  readonly cloud: Cloud;
  readonly vpcs: readonly Vpc[];
  /** Set once something undecidable is drawn. */
  undecidable: boolean;
}

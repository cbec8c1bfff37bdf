import { addAnalyze } from './analyze.js';
import { addBaseline } from './baseline.js';
import { addBlastRadius } from './blast-radius.js';
import { addCan } from './can.js';
import { addCheck } from './check.js';
import { addCollect } from './collect.js';
import type { AddCommand } from './command.js';
import { addConnection } from './connection.js';
import { addExplain } from './explain.js';
import { addExport } from './export.js';
import { addFix } from './fix.js';
import { addPermissions } from './permissions.js';
import { addPrepare } from './prepare.js';
import { addReach } from './reach.js';
import { addScan } from './scan.js';
import { addServe } from './serve.js';
import { addTechniques } from './techniques.js';
import { addWhatIf } from './what-if.js';
import { addWhoCanReach } from './who-can-reach.js';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly AddCommand[] = [
  addScan,
  addCollect,
  addAnalyze,
  addCheck,
  addBaseline,
  addExplain,
  addFix,
  addWhatIf,
  addPrepare,
  addBlastRadius,
  addWhoCanReach,
  addReach,
  addCan,
  addConnection,
  addExport,
  addServe,
  addPermissions,
  addTechniques,
];

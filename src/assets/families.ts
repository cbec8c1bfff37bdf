import { apis } from './apis.js';
import { automation } from './automation.js';
import { containers } from './containers.js';
import { databases } from './databases.js';
import type { AssetDetail, AssetFamily, AssetType } from './declaration.js';
import { distributions } from './distributions.js';
import { ec2Compute } from './ec2-compute.js';
import { ec2Storage } from './ec2-storage.js';
import { encryption } from './encryption.js';
import { gateways } from './gateways.js';
import { iam } from './iam.js';
import { identityCenter } from './identity-center.js';
import { loadBalancing } from './load-balancing.js';
import { organization } from './organization.js';
import { rds } from './rds.js';
import { secrets } from './secrets.js';
import { serverless } from './serverless.js';
import { storage } from './storage.js';
import { vpc } from './vpc.js';

/** A new family of asset types is one file and one line here. */
const families: readonly AssetFamily[] = [
  apis,
  automation,
  containers,
  databases,
  distributions,
  ec2Compute,
  ec2Storage,
  encryption,
  gateways,
  iam,
  identityCenter,
  loadBalancing,
  organization,
  rds,
  secrets,
  serverless,
  storage,
  vpc,
];

/** Every asset type; where two state the same asset, the earlier is believed first. */
export const assetTypes: readonly AssetType[] = families.flatMap(({ types }) => types);

export const assetDetails: readonly AssetDetail[] = families.flatMap(({ details }) => details ?? []);

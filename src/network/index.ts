export { type Behavior, type Distribution, least, type Origin, readDistribution } from './distributions.js';
export { buildNetwork } from './engine.js';
export { isDirect } from './grade.js';
export { parseIpSet } from './ip-set.js';
export * from './network.js';
export { vpcLinkArn } from './vpc-links.js';

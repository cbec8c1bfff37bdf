export { buildAssets } from './build-assets.js';
export { assetDetails, assetTypes } from './families.js';
export { logicalIdOf } from './logical-id.js';
export { operationOf } from './read-assets.js';

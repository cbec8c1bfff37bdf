export { type CollectOptions, type CollectProgress, collectSnapshot } from './collect.js';
export { permissionsPage, type PolicyDocument, requiredPermissions } from './permissions.js';
export { declaredOperations } from './declared-operations.js';

export { type CollectEvent, type CollectOptions, type CollectProgress, collectSnapshot } from './collect.js';
export { permissionsPage, type PolicyDocument, requiredPermissions } from './permissions.js';
export { type DeclaredOperation, declaredOperations } from './declared-operations.js';

/** The path and name of the roles that Identity Center makes in accounts: `AWSReservedSSO_<permission set>_<16 hexadecimal digits>`. */
const RESERVED = /:role\/aws-reserved\/sso\.amazonaws\.com\/(?:[^/]+\/)?AWSReservedSSO_([\w+=,.@-]+)_[0-9a-f]{16}$/;

/** The name of the permission set by which Identity Center made a role; `undefined` for any other role. */
export const permissionSetOf = (role: string): string | undefined => RESERVED.exec(role)?.[1];

/** A family of condition operators that compare one value of the request with the values of the policy. */
export interface OperatorFamily {
  /** Whether the value of the request has what the policy's value asks for. */
  compile(expected: string): (actual: string) => boolean;
  /** Values of the request that tell this expected value from others. */
  samples(expected: string): readonly string[];
  /** Whether every value that a request can have is like one of the samples. */
  readonly complete: boolean;
  /** Whether `*` and `?` in the policy's values are wildcards. */
  readonly wildcards: boolean;
  /**
   * Whether policy variables in the policy's values stand for values of the request: so with the string and ARN operators alone.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse
   */
  readonly variables: boolean;
}

/** A value that none of the samples is: a completion of an unknown text that no policy speaks of. */
export const OTHER_VALUE = 'other-value-that-no-policy-names';

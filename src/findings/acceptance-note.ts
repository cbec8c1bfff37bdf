/** What a person adds to a path of a baseline where it is accepted. */
export interface AcceptanceNote {
  /** Why it is accepted. */
  readonly reason?: string;
  readonly owner?: string;
  /** `YYYY-MM-DD`: the last day on which it is accepted. */
  readonly expires?: string;
}

/** What was written about a path, and nothing else of it; empty where nobody wrote anything. */
export const noteOf = ({ reason, owner, expires }: AcceptanceNote = {}): AcceptanceNote => ({
  ...(reason !== undefined && { reason }),
  ...(owner !== undefined && { owner }),
  ...(expires !== undefined && { expires }),
});

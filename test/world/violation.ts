/** Something that must never be. */
export interface Violation {
  readonly kind:
    | "regression"
    | "made anew"
    | "never true"
    | "mixed"
    | "deleted though there"
    | "leaver deleted"
    | "missing"
    | "extra"
    /** Of a user who has another identity by now. */
    | "old identity"
    | "bare"
    | "differs"
    | "dead letter"
    | "lost"
    | "problem";
  /** World time, ms since its start. */
  readonly at: number;
  /** The entity's key. */
  readonly key: string;
  readonly what: string;
}

/** What one long test measured. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  readonly limit: string;
  readonly holds: boolean;
}

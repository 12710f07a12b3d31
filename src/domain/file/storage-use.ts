/** The size of the stored files, by who made them and by the model that did. */
export interface StorageUse {
  /** Of all files, in bytes; the same content counts once. */
  readonly bytes: number
  readonly models: readonly Used[]
  /** By account. */
  readonly people: readonly Used[]
  /** Milliseconds since 1970. */
  readonly countedAt: number
}

export interface Used {
  /** `owner/name`, or an account; empty for what belongs to none. */
  readonly name: string
  readonly files: number
  /** A content that several files have counts for each. */
  readonly bytes: number
}

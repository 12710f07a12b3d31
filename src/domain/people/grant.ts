import type { ModelRef } from '../model-ref.ts'

/** Access to one private model that was given to a person or a group outside of its namespace. */
export interface Grant {
  readonly model: ModelRef
  /** Account of the person, or of the group: `namespace:vision`. */
  readonly grantee: string
  /** `run` includes `see`. */
  readonly may: 'see' | 'run'
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Account of the person who gave it. */
  readonly createdBy: string
}

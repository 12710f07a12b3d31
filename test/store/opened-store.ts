import { afterEach, beforeEach } from 'vitest'
import type { Store } from '../../src/store/store.ts'

/** Two handles on one empty database. */
export interface OpenedStore {
  readonly first: Store
  readonly second: Store
  /** Closes both and removes the database. */
  close(): Promise<void>
}

/** Opens a database for each test, and closes it after it. */
export function openEach(
  open: () => Promise<OpenedStore>,
  use: (opened: OpenedStore) => void,
): void {
  let opened: OpenedStore
  beforeEach(async () => {
    opened = await open()
    use(opened)
  })
  afterEach(() => opened.close())
}

import type { Changes } from './changes.ts'

/** The changes of a server that is alone on its database: there is nobody to tell. */
export const noOthers: Changes = {
  tell() {},
  listen() {},
  onGap() {},
  async close() {},
}

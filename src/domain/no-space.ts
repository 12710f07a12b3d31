/** The disk has no room for what was to be kept. Nothing of it was. */
export class NoSpace extends Error {
  override readonly name = 'NoSpace'
}

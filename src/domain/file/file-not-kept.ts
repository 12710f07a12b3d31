/** Why a file was not kept: it had more bytes than allowed, or the disk had no room. */
export type NotKept = 'too large' | 'no space'

export class FileNotKept extends Error {
  override readonly name = 'FileNotKept'
  readonly reason: NotKept

  constructor(reason: NotKept, options?: ErrorOptions) {
    super(`The file was not saved: ${reason}`, options)
    this.reason = reason
  }
}

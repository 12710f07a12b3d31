/** Why a file was not kept: it had more bytes than allowed, or its place had no room or did not answer. */
export type NotKept = 'too large' | 'no space' | 'unreachable'

export class FileNotKept extends Error {
  override readonly name = 'FileNotKept'
  readonly reason: NotKept

  constructor(reason: NotKept, options?: ErrorOptions) {
    super(`The file was not saved: ${reason}`, options)
    this.reason = reason
  }
}

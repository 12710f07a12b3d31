/** The input cannot be sent. The message is a sentence that names the field. */
export class NotSendable extends Error {
  override readonly name = 'NotSendable'
}

/** A key that an operator gave for a server that runs models, such as an API key. */
export interface UpstreamKey {
  /** Where it is sent, and nowhere else: `https://gpu-2:8000/v1`. */
  readonly address: string
  /** Encrypted with the secret of this server. */
  readonly sealed: string
  /** When it was given, in milliseconds since 1970. */
  readonly updatedAt: number
  /** Account of who gave it. */
  readonly updatedBy: string
}

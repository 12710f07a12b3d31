import { expect } from 'vitest'

/** A prediction as the API answers it. */
export interface Answered {
  readonly id: string
  readonly status: string
  readonly input: Readonly<Record<string, unknown>>
  readonly output: unknown
  readonly logs: string
  readonly error: string | null
  readonly urls: Readonly<Record<string, string>>
}

/** The API of the server at an origin. Fails when a prediction is not accepted. */
export function apiAt(origin: string) {
  return {
    async run(model: string, input: object, more: object = {}): Promise<Answered> {
      const response = await fetch(`${origin}/v1/predictions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ version: model, input, ...more }),
      })
      const text = await response.text()
      expect(response.status, text).toBe(201)
      return JSON.parse(text)
    },
    async find(id: string): Promise<Answered> {
      return (await fetch(`${origin}/v1/predictions/${id}`)).json()
    },
    async cancel(id: string): Promise<Answered> {
      const method = 'POST'
      return (await fetch(`${origin}/v1/predictions/${id}/cancel`, { method })).json()
    },
  }
}

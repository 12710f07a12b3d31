import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Deps } from '../deps.ts'
import type { Received } from '../providers/provider.ts'

/** A callback may hold the files of an output as data URIs. */
const mostBytes = 64 * 2 ** 20

const statusOf = {
  taken: 204,
  unknown: 404,
  malformed: 400,
  forged: 401,
  stale: 403,
  unchecked: 503,
} as const satisfies Record<Received, number>

const detailOf: Readonly<Record<Exclude<Received, 'taken'>, string>> = {
  unknown: 'No running prediction reports to this address.',
  malformed: 'The body is not a prediction, or headers are missing.',
  forged: 'The signature is not valid.',
  stale: 'The signature has expired.',
  unchecked: 'The signature cannot be checked at the moment.',
}

/**
 * The callbacks of upstreams about running predictions. They are authenticated by the token in the
 * path or by their signature, not by the host that they use.
 */
export function hookRoutes({ runner, log }: Deps) {
  const answer = (received: Exclude<Received, 'taken'>) =>
    Response.json(
      { detail: detailOf[received], status: statusOf[received] },
      {
        status: statusOf[received],
        headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
      },
    )

  return new Hono().post(
    '/hooks/:provider/:token',
    async (c, next) => {
      // The body is read only when a run expects it.
      const { provider, token } = c.req.param()
      return (await runner.expects(provider, token)) ? next() : answer('unknown')
    },
    bodyLimit({ maxSize: mostBytes, onError: (c) => c.body(null, 413) }),
    async (c) => {
      const { provider, token } = c.req.param()
      const { headers } = c.req.raw
      const body = new Uint8Array(await c.req.arrayBuffer())
      const received = await runner.receive(provider, token, { headers, body })
      if (received === 'taken') return c.body(null, statusOf.taken)
      log.info({ provider, received }, 'A report was not taken')
      return answer(received)
    },
  )
}

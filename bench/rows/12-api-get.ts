import type { Row } from '../row.ts'
import { againstBare } from '../support/against-bare.ts'
import { noop } from '../support/models.ts'
import { createProgram } from '../support/program.ts'
import { withSandpit } from '../support/sandpit.ts'

export const apiGet: Row = {
  name: '12',
  title: 'GET /v1/predictions/{id}, against a bare node:http server that sends the same bytes',
  measure: (checkout) =>
    withSandpit(
      checkout,
      noop,
      async (server) => {
        const program = createProgram(server.port)
        const id = await program.finish('bench/noop', { text: 'settled' })
        return againstBare(server, program.get(`/v1/predictions/${id}`), 0.45)
      },
      { SANDPIT_RATE: 'off' },
    ),
}

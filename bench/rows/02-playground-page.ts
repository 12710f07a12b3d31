import { atLeast, type Row } from '../row.ts'
import { againstBare } from '../support/against-bare.ts'
import { throughput } from '../support/load.ts'
import { twentyFields } from '../support/models.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'

export const playgroundPage: Row = {
  name: '2',
  title: 'A playground page of 20 fields, against a bare server; compressed, for 16 clients',
  measure: (checkout) =>
    withSandpit(checkout, twentyFields, async (server) => {
      const visitor = await createVisitor(server.port, 'bench/fields')
      const compressed = visitor.getCompressed('/bench/fields')
      return [
        ...(await againstBare(server, visitor.get('/bench/fields'), 0.25)),
        ...(await throughput(server, compressed, 'compressed', atLeast(4_000))),
      ]
    }),
}

import { atLeast, type Row } from '../row.ts'
import { throughput } from '../support/load.ts'
import { noop } from '../support/models.ts'
import { withSandpit } from '../support/sandpit.ts'
import { createVisitor } from '../support/visitor.ts'

export const predictionPage: Row = {
  name: '13',
  title: 'The page of a settled prediction, for 16 clients',
  measure: (checkout) =>
    withSandpit(checkout, noop, async (server) => {
      const visitor = await createVisitor(server.port, 'bench/noop')
      const path = await visitor.finish({ text: 'settled' })
      return [
        ...(await throughput(server, visitor.get(path), 'its maker', atLeast(3_000))),
        ...(await throughput(server, visitor.getCompressed(path), 'compressed', null)),
      ]
    }),
}

import { describeProvider } from '../conformance.ts'
import { setUpLocal } from '../support/local-parts.ts'

describeProvider('local', setUpLocal)

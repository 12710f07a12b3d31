import { describeStore } from '../../store/conformance.ts'
import { openTwo } from './open-two.ts'

describeStore('the PostgreSQL store', openTwo)

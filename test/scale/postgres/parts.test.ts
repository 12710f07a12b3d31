import { describeGroupStore } from '../../store/groups-conformance.ts'
import { describeJudgementStore } from '../../store/judgements-conformance.ts'
import { describeShareStore } from '../../store/shares-conformance.ts'
import { describeStatisticsStore } from '../../store/statistics-conformance.ts'
import { openTwo } from './open-two.ts'

describeGroupStore('the PostgreSQL store, of groups', openTwo)
describeJudgementStore('the PostgreSQL store, of judgements', openTwo)
describeShareStore('the PostgreSQL store, of shares and retention', openTwo)
describeStatisticsStore('the PostgreSQL store, of ended runs', openTwo)

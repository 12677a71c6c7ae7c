import type { MappedAs } from '../settings/schema.ts'
import { simplified } from './simplified.ts'

/** Headers that exports give to a canonical column: `known` ones mean it, `weak` ones may. Blanks, letter case, `_`, `-` and `.` do not count. */
interface Names {
  readonly known: readonly string[]
  readonly weak?: readonly string[]
  /** Names are put together from few words: whole headers that mean it, and such that may. Words stand in their long form, without blanks. */
  readonly like?: RegExp
  readonly maybe?: RegExp
}

/** Short forms of words in headers. */
export const shortForms: Readonly<Record<string, string>> = {
  amt: 'amount', dt: 'date', num: 'no', nbr: 'no', '#': 'no', nr: 'no', number: 'no', acct: 'account', acc: 'account', ac: 'account', pmt: 'payment', pymt: 'payment', pay: 'payment', inst: 'instalment', install: 'instalment', installment: 'instalment', installments: 'instalments', prin: 'principal', princ: 'principal',
  int: 'interest', bal: 'balance', cust: 'customer', os: 'outstanding', outst: 'outstanding', disb: 'disbursement', txn: 'transaction', trx: 'transaction', tran: 'transaction', trans: 'transaction', ccy: 'currency', curr: 'currency', prod: 'product', stat: 'status', sts: 'status', sched: 'schedule', repay: 'repayment', identifier: 'id', ref: 'reference',
}

const account: Names = {
  like: /^(?:(?:loan|account|contract|agreement|facility|credit)+(?:id|no|code|reference|key)|(?:贷款|借款|放款|信贷|个贷|消费贷)*(?:借据|合同|贷款|借款|账户|协议)(?:唯一)?(?:编?号码?|ID|id|编码|序号))$/u,
  known: [
    'account', 'account id', 'account no', 'account number', 'account nr', 'account code', 'acct', 'acct id', 'acct no', 'acct number', 'loan id', 'loan no', 'loan nr', 'loan number', 'loan code', 'loan account', 'loan account no',
    'loan account number', 'loan account id', 'loan acct no', 'loan ref', 'loan reference', 'loan key', 'contract', 'contract id', 'contract no', 'contract nr', 'contract number', 'contract ref', 'agreement id', 'agreement no', 'agreement number',
    'facility id', 'facility no', 'plan id', 'plan no', 'deal id', 'deal no', 'credit id', 'credit no', 'lan', 'loan', 'card account', 'card account no', 'card id', '信用卡账号', '卡账号',
    '借据号', '借据编号', '借据号码', '借据', '贷款账号', '贷款帐号', '贷款编号', '贷款号', '贷款合同号', '贷款合同编号', '合同号', '合同编号', '合同号码', '账户编号', '账户号', '账号', '帐号', '借款编号', '借款单号', '借款合同号', '借款合同编号', '放款编号', '分期单号', '贷款借据号', '贷款ID', '借款ID',
  ],
  weak: ['card no', '卡号', 'order id', 'order no', 'order number', 'reference', 'ref', 'id', '订单号', '订单编号', '编号', '业务编号'],
}
const currency: Names = { known: ['currency', 'ccy', 'currency code', 'curr', 'cur', '币种', '货币', '币别', '币种代码', '货币代码'] }
const instalmentNo: Names = {
  like: /^(?:(?:instalment|emi|period|repayment|schedule)(?:no|seq|sequence|index|period)|(?:还款|分期|当前|本期|应还)?期(?:数|次|号|序号?|别)(?:号|编号)?)$/u,
  known: ['instalment no', 'instalment nr', 'instalment number', 'instalment', 'instalment seq', 'installment no', 'installment nr', 'installment number', 'installment', 'installment seq', 'inst no', 'inst number', 'emi no', 'emi number', 'period', 'period no', 'period number', 'due no', '期数', '期次', '期号', '期序', '期次号', '分期期数', '分期序号', '还款期次', '还款期数', '当前期数', '第几期'],
  weak: ['seq', 'sequence', 'seq no', 'no', 'nr', 'number', 'term', 'term no', '序号'],
}

/** Canonical columns that are left out are known by their own name alone. */
export const synonyms: Readonly<Record<MappedAs, Readonly<Record<string, Names>>>> = {
  loans: {
    account_id: account,
    borrower_id: { like: /^(?:(?:borrower|customer|client|debtor|member)(?:id|no|code|key)|(?:借款人|客户|用户|会员)(?:唯一)?(?:编?号码?|ID|id|内码|编码|代码))$/u, known: ['borrower', 'borrower no', 'borrower number', 'customer id', 'customer no', 'customer number', 'customer code', 'cust id', 'cust no', 'client id', 'client no', 'client number', 'cif', 'cif no', 'cif id', 'member id', 'party id', 'user id', 'debtor id', '客户号', '客户编号', '客户ID', '客户代码', '客户号码', '借款人编号', '借款人ID', '用户ID', '用户编号', '会员号', '会员编号'] },
    product: { like: /^(?:(?:贷款|业务|金融|信贷)?(?:产品|品种|种类)(?:名称|代码|编号|类型|大类)?)$/u, known: ['product name', 'product type', 'product code', 'product id', 'loan product', 'loan type', 'scheme', '产品', '产品名称', '产品类型', '产品代码', '产品编号', '业务品种', '贷款品种', '贷款类型', '贷款产品'] },
    currency,
    principal: { maybe: /^sanctioned(?:principal|amount)$/u, like: /^(?:(?:loan|disbursed|disbursement|financed|funded|principal)(?:principal|amount|sum)|(?:放款|发放|贷款|借款|借据|投放)(?:总)?(?:金额|额度|本金|总额|额)(?:合计)?)$/u, known: ['principal amount', 'loan amount', 'loan amt', 'disbursed amount', 'disbursement amount', 'disbursal amount', 'amount disbursed', 'amount financed', 'financed amount', 'original principal', 'original amount', 'loan principal', 'funded amount', 'order amount', '放款金额', '放款本金', '贷款金额', '贷款本金', '借款金额', '借款本金', '发放金额', '借据金额', '本金', '放款额'], weak: ['original balance', 'amount', 'loan sum', '合同金额', '订单金额', '金额', '授信金额'] },
    disbursed_on: { like: /^(?:(?:loan)?(?:disbursed|disbursement|disbursal|funding|payout|origination|drawdown)(?:date|on|time)|(?:贷款|借款|实际)?(?:放款|发放|投放|出账)(?:日期?|时间))$/u, known: ['disbursed', 'disbursed date', 'disbursed at', 'disbursement date', 'disbursal date', 'disb date', 'origination date', 'originated on', 'funding date', 'funded date', 'loan date', 'payout date', '放款日期', '放款日', '放款时间', '发放日期', '发放日', '贷款发放日', '贷款发放日期', '借款日期', '借款日', '贷款日期'], weak: ['start date', 'open date', 'opening date', 'effective date', 'issue date', 'contract date', 'created at', 'created on', 'creation date', 'booking date', '起息日', '起息日期', '开户日期', '起始日期', '起始日', '创建时间'] },
    status: { maybe: /^(?!customer|client|marital|employment).*(?:status|state)$/u, like: /^(?:(?:loan|account|contract|facility)(?:status|state)|(?:借据|贷款|借款|账户|账务|合同|业务)(?:当前)?状态)$/u, known: ['loan status', 'account status', 'contract status', 'loan state', 'account state', 'state of loan', 'plan status', '状态', '借据状态', '贷款状态', '账户状态', '合同状态', '借款状态', '账务状态'], weak: ['state', 'stage'] },
    closed_on: { like: /^(?:(?:实际|贷款|借据)?(?:结清|清户|销户)(?:日期?|时间))$/u, known: ['closed', 'closed date', 'closed at', 'close date', 'closing date', 'closure date', 'date closed', 'payoff date', 'paid off date', 'paid off on', '结清日期', '结清日', '结清时间', '关闭日期', '销户日期'] },
    written_off_on: { like: /^(?:核销(?:日期?|时间))$/u, known: ['write off date', 'writeoff date', 'written off date', 'written off', 'charge off date', 'chargeoff date', 'charged off on', 'charged off date', '核销日期', '核销日', '核销时间'] },
    sold_on: { known: ['sold date', 'sale date', 'date sold', 'transfer date', '转让日期', '转让日', '出售日期', '债权转让日期'] },
    outstanding_principal: { like: /^(?:(?:outstanding|remaining|unpaid|current)principal(?:balance|amount)?|principal(?:outstanding|balance)(?:amount)?|(?:当前|贷款)?(?:(?:剩余|结余|未还|尚欠|未偿|待还)本金|本金(?:余额|结余)|(?:贷款|借据|账面)余额))$/u, known: ['principal outstanding', 'principal balance', 'outstanding principal balance', 'unpaid principal balance', 'unpaid principal', 'remaining principal', 'upb', 'principal os', 'os principal', 'pos', '本金余额', '剩余本金', '未还本金', '贷款余额', '借据余额', '剩余未还本金'], weak: ['outstanding balance', 'current balance', 'outstanding', 'balance', '余额'] },
    days_past_due: { known: ['dpd', 'past due days', 'days late', 'days overdue', 'overdue days', 'days in arrears', 'days delinquent', 'delinquency days', 'arrears days', '逾期天数', '当前逾期天数'] },
    overdue_amount: { like: /^(?:(?:total)?(?:overdue|pastdue|arrears?)(?:amount)|(?:当前)?(?:逾期|拖欠|欠款)(?:总)?(?:金额|总额))$/u, known: ['past due amount', 'amount past due', 'amount overdue', 'arrears', 'arrears amount', 'amount in arrears', 'total overdue', 'total past due', '逾期金额', '逾期总额', '逾期总金额', '拖欠金额'], weak: ['overdue', 'past due', 'due', '逾期'] },
    overdue_principal: { like: /^(?:(?:当前)?(?:逾期|拖欠|欠)本金?)$/u, known: ['past due principal', 'principal overdue', 'principal in arrears', '逾期本金'] },
    charges_outstanding: { known: ['outstanding charges', 'fees outstanding', 'outstanding fees', 'charges due', '应收费用', '未还费用'] },
    instalments_paid: { known: ['installments paid', 'paid installments', 'paid instalments', '已还期数'] },
    total_paid: { known: ['amount paid to date', 'total repaid', '累计还款金额', '已还总额', '累计已还'] },
    paid_through_on: { known: ['paid through', 'paid through date', 'paid thru date', 'paid to date', 'paid until', '已还至', '还至日期'] },
    next_due_on: { known: ['next due', 'next due date', 'next payment date', 'next payment due date', 'next instalment date', 'next installment date', '下次还款日', '下次还款日期', '下期还款日', '下期应还日', '下一还款日'] },
    accelerated_on: { known: ['acceleration date', '提前到期日', '宣布提前到期日'] },
    restructured_on: { known: ['restructure date', 'restructuring date', 'restructured date', '重组日期', '展期日期'] },
    instalment_amount: { known: ['installment amount', 'emi', 'emi amount', 'monthly payment', 'monthly instalment', 'monthly installment', 'regular payment', '每期还款额', '每期金额', '月供', '期供', '每期应还'] },
    first_due_on: { known: ['first due date', 'first payment date', 'first instalment date', 'first installment date', 'first repayment date', 'first emi date', '首次还款日', '首期还款日', '首个还款日', '首期应还日', '首次还款日期', '首期还款日期'] },
    instalments: { known: ['num instalments', 'num installments', 'number of instalments', 'number of installments', 'no of instalments', 'no of installments', 'installments', 'term months', 'tenor months', '期数', '总期数', '贷款期数', '分期期数', '借款期数'], weak: ['term', 'tenor', 'tenure', 'loan term', '期限', '贷款期限'] },
    frequency: { known: ['repayment frequency', 'payment frequency', 'instalment frequency', 'installment frequency', '还款频率', '还款周期'] },
    annual_rate: { known: ['interest rate', 'annual interest rate', 'nominal rate', 'rate', 'int rate', 'apr', '年利率', '利率', '执行利率', '年化利率'] },
    method: { known: ['repayment method', 'amortization', 'amortisation', 'amortization type', 'amortisation type', '还款方式', '还款方法'] },
  },
  schedule: {
    account_id: account,
    instalment_no: instalmentNo,
    due_on: { like: /^(?:(?:instalment|emi|payment|repayment|schedule|period)?due(?:date|on)|(?:instalment|emi|scheduled?)(?:date)|(?:计划|约定|应|合同)(?:还款?|付|收)款?(?:到期)?(?:日期?|时间)|(?:本期)?(?:还款)?到期(?:还款)?(?:日期?|时间))$/u, known: ['due date', 'due', 'date due', 'payment due date', 'instalment due date', 'installment due date', 'instalment date', 'installment date', 'emi date', 'scheduled date', 'schedule date', 'maturity date', '应还日期', '应还日', '应还款日', '应还款日期', '到期日', '到期日期', '到期还款日', '还款到期日', '计划还款日', '计划还款日期', '约定还款日', '约定还款日期', '应还时间', '本期到期日'], weak: ['repayment date', 'payment date', 'date', '还款日', '还款日期', '日期'] },
    amount_due: { like: /^(?:(?:instalment|emi|total|payment)?due(?:amount)|(?:total)?(?:instalment|emi|scheduled)(?:due)?(?:amount)|amountdue(?:total)?|(?:本期|当期|计划|每期)?(?:应还|应收|应付|计划还)(?:款)?(?:总)?(?:金额|总额|额|合计|本息合计))$/u, known: ['due amount', 'total due', 'total amount due', 'instalment amount', 'installment amount', 'emi', 'emi amount', 'payment due', 'scheduled payment', 'scheduled amount', 'amount payable', '应还金额', '应还总额', '应还总金额', '应还款额', '应还款金额', '应还款总额', '本期应还', '本期应还金额', '应还合计', '期供', '月供', '每期应还'], weak: ['amount', 'payment', 'total', '金额', '应还本息', '还款金额'] },
    principal_due: { like: /^(?:(?:scheduled?)?principal(?:due|component|portion|part|share|amount|instalment)+|(?:due|scheduled)principal|(?:本期|当期)?(?:应还|应收|应付|计划|约定)(?:还)?本金)$/u, known: ['principal', 'principal amount', 'due principal', 'scheduled principal', 'principal portion', 'principal component', 'capital due', 'capital', '应还本金', '应收本金', '本期应还本金', '本期本金', '本金', '计划本金'] },
    interest_due: { like: /^(?:(?:scheduled?)?interest(?:due|component|portion|part|share|amount)+|(?:due|scheduled)interest|(?:本期|当期)?(?:应还|应收|应付|计划|约定)(?:还)?利息)$/u, known: ['interest', 'interest amount', 'due interest', 'scheduled interest', 'interest portion', 'interest component', '应还利息', '应收利息', '本期应还利息', '本期利息', '利息', '计划利息'] },
    fee_due: { like: /^(?:(?:本期|当期)?(?:应还|应收|应付|计划)(?:手续费|服务费|费用|费))$/u, known: ['fee', 'fees', 'fees due', 'fee amount', 'service fee', '应还费用', '应收费用', '应还手续费', '应还服务费', '服务费', '手续费', '费用'] },
    penalty_due: { like: /^(?:(?:本期|当期)?(?:应还|应收|应付)(?:罚息|违约金|复利))$/u, known: ['penalty due', 'penalty amount due', '应还罚息', '应还违约金', '应收罚息'] },
    status: { maybe: /^(?!loan|account|contract|customer|client).*(?:status|state)$/u, known: ['instalment status', 'installment status', 'state', '状态', '期次状态', '分期状态', '还款状态', '本期状态'] },
    amount_open: { known: ['open amount', 'outstanding amount', 'remaining amount', 'unpaid amount', '未还金额', '剩余应还', '剩余应还金额', '待还金额', '未还总额'] },
    amount_paid: { like: /^(?:(?:本期|当期)?(?:实还|实收|已还|已收|实际还款)(?:总)?(?:金额|总额|额|合计))$/u, known: ['paid amount', 'paid', 'amount received', 'total paid', '实还金额', '已还金额', '实还总额', '已还总额', '实还总金额'] },
    paid_on: { like: /^(?:(?:实际|本期)?(?:实还|实收|实际还款|结清)(?:日期?|时间))$/u, known: ['paid date', 'date paid', 'payment date', 'actual payment date', 'paid at', '实还日期', '实还日', '实际还款日期', '实际还款日', '实还时间'], weak: ['还款日期', '还款时间'] },
    version: { known: ['plan version', 'schedule version', '版本', '计划版本'] },
    valid_from: { known: ['version valid from', '生效日期', '生效日'] },
  },
  statements: {
    account_id: account,
    statement_on: { like: /^(?:(?:card)?(?:statement|bill|billing|cycle)(?:date|on|day)|(?:本期)?(?:出?账单)(?:日期?|生成日))$/u, known: ['closing date', 'statement closing date', '账单日'] },
    due_on: { like: /^(?:(?:payment|minimumpayment)?due(?:date|on)|(?:本期)?(?:最后|到期)?还款(?:到期)?(?:日期?)|到期还款日)$/u, known: ['due date', 'payment due', '最后还款日'] },
    minimum_due: { like: /^(?:(?:minimum|min)(?:payment|amount)?(?:due|payment|amount)+|(?:本期)?最低(?:应?还款?)(?:金额|额))$/u, known: ['minimum', 'minimum amount due', 'minimum payment', 'min due', '最低还款额'] },
    past_due_in_minimum: { known: ['past due amount', 'past due', 'amount past due', '上期未还最低', '逾期最低还款额'] },
    balance: { like: /^(?:(?:statement|new|closing|total|current)balance|(?:本期)?(?:账单|应还款?)(?:总)?(?:金额|余额|额))$/u, known: ['balance due', 'amount owed', '账单金额', '本期应还总额'] },
    credit_limit: { known: ['limit', 'card limit', '信用额度', '额度'] },
  },
  repayments: {
    payment_id: { like: /^(?:(?:receipt|payment|transaction|voucher|collection|repayment)(?:id|no|code|reference|key)|(?:交易|还款|支付|收款|入账|扣款|收回|核心)?(?:流水|交易|凭证)(?:序号|编?号码?|ID|id)?|(?:还款|支付|收款|扣款)(?:序号|编?号|单号|ID|id))$/u, known: ['payment no', 'payment number', 'payment ref', 'payment reference', 'transaction id', 'transaction no', 'transaction number', 'transaction ref', 'txn id', 'txn no', 'trx id', 'trx no', 'tran id', 'receipt id', 'receipt no', 'receipt number', 'repayment id', 'repayment no', 'voucher no', '流水号', '还款流水号', '交易流水号', '交易流水', '交易号', '交易编号', '还款编号', '还款单号', '支付单号', '支付流水号', '流水编号', '入账流水号', '扣款流水号', '凭证号'], weak: ['reference', 'ref', 'ref no', 'id', '编号', '序号'] },
    account_id: account,
    paid_on: { like: /^(?:(?:receipt|payment|paid|collection|transaction|value|repayment|deposit|credit|remittance|received|settlement)(?:date|on|time)|(?:实际|实)?(?:还款?|还|收款|收回|入账|到账|支付|扣款|交易|回款|归还)(?:日期?|时间))$/u, known: ['payment date', 'paid date', 'date paid', 'paid at', 'payment time', 'transaction date', 'txn date', 'trx date', 'tran date', 'repayment date', 'receipt date', 'value date', 'collection date', '还款日期', '还款日', '还款时间', '实还日期', '实还日', '实际还款日', '实际还款日期', '交易日期', '交易时间', '支付日期', '支付时间', '到账日期', '入账日期', '入账日', '扣款日期', '收款日期'], weak: ['date', 'posting date', 'booking date', 'created at', 'paid off date', 'paid off time', 'payoff date', '日期', '时间', '记账日期'] },
    amount: { like: /^(?:(?:receipt|payment|paid|collection|collected|transaction|received|repayment|repaid|remittance|credit|total)(?:amount|total)|amount(?:paid|received|collected)|(?:实还|实收|已还|收回|还款|回款|归还|偿还|支付|扣款|入账|交易|收款)(?:总)?(?:金额|总额|额|合计))$/u, known: ['payment amount', 'paid amount', 'amount paid', 'repayment amount', 'transaction amount', 'txn amount', 'trx amount', 'receipt amount', 'amount received', 'total paid', 'received', '还款金额', '还款总额', '还款总金额', '实还金额', '实还总额', '交易金额', '入账金额', '支付金额', '扣款金额', '实收金额', '收款金额'], weak: ['paid', 'value', 'sum', 'total', '金额', '总额'] },
    currency,
    kind: { like: /^(?:(?:receipt|payment|transaction|repayment)(?:type|kind|class)|(?:交易|还款|业务|流水|入账)(?:类型|种类|类别))$/u, known: ['payment type', 'payment kind', 'transaction type', 'txn type', 'trx type', 'tran type', 'repayment type', '交易类型', '还款类型', '业务类型', '流水类型'], weak: ['type', '类型', '摘要', '交易摘要'] },
    status: { maybe: /^(?!loan|account|contract|customer|client).*(?:status|state|result)$/u, like: /^(?:(?:receipt|payment|transaction|collection|repayment|settlement)(?:status|state)|(?:交易|还款|支付|扣款|处理|入账)(?:状态|结果))$/u, known: ['payment status', 'transaction status', 'txn status', 'trx status', 'repayment status', 'state', '状态', '交易状态', '还款状态', '支付状态', '扣款状态', '处理状态'] },
    reverses: { like: /^(?:(?:被冲正?|原)(?:交易|还款|支付)?(?:流水)?(?:序号|编?号))$/u, known: ['reversal of', 'reversed payment', 'reversed payment id', 'original payment id', 'original payment', 'original transaction id', 'original txn id', 'orig payment id', '原流水号', '原交易流水号', '原还款流水号', '原交易号', '被冲正流水号', '冲正流水号'] },
    reversed_on: { known: ['reversal date', 'reversed date', 'reversed at', '冲正日期', '冲正时间', '撤销日期'] },
    principal_paid: { like: /^(?:(?:实还|实收|已还|收回|还款|归还|偿还|本次)(?:还)?本金)$/u, known: ['principal', 'principal amount', 'paid principal', 'principal portion', '实还本金', '还款本金', '已还本金', '本金'] },
    interest_paid: { like: /^(?:(?:实还|实收|已还|收回|还款|归还|偿还|本次)(?:还)?利息)$/u, known: ['interest', 'interest amount', 'paid interest', 'interest portion', '实还利息', '还款利息', '已还利息', '利息'] },
    fee_paid: { like: /^(?:(?:实还|实收|已还|收回|还款|归还|偿还)(?:手续费|服务费|费用|费))$/u, known: ['fee', 'fees', 'fees paid', 'paid fees', '实还费用', '还款费用', '实还手续费', '实还服务费', '费用', '手续费', '服务费'] },
    penalty_paid: { like: /^(?:(?:实还|实收|已还|收回|还款|归还|偿还)(?:罚息|违约金|复利))$/u, known: ['penalty', 'penalties', 'penalties paid', 'late fee paid', '实还罚息', '还款罚息', '已还罚息', '罚息', '违约金'] },
    instalment_no: instalmentNo,
  },
}

/** Words of headers that name people: what stands in such columns is shown nowhere. */
const namesPeople = /name|phone|mobile|tel|e-?mail|address|street|city|birth|passport|ssn|tax.?id|id.?card|card.?n|卡号|national.?id|gender|姓名|(客户|企业|公司|借款人|用户)名|电话|手机|联系|地址|住址|邮箱|身份证|证件|生日|出生|性别|单位/i
export const isPersonal = (header: string) => namesPeople.test(simplified(header))

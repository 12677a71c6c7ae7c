/** Words that exports have for the values of a column, in lower case and without blanks and marks: they are translated. What may mean two things stands in none of them. */
export const words: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'loans.status': {
    open: ['active', 'current', 'live', 'running', 'performing', 'disbursed', 'inrepayment', 'overdue', 'late', 'delinquent', 'pastdue', 'inarrears', 'arrears', 'collection', 'incollection', 'grace', '正常', '逾期', '还款中', '正常还款', '未结清', '进行中', '已放款', '催收中', '宽限期', '非应计'],
    closed: ['paidoff', 'paid', 'paidinfull', 'fullypaid', 'settled', 'completed', 'complete', 'closedpaid', 'repaid', 'finished', 'collectionpaidoff', 'payoff', '结清', '已结清', '正常结清', '提前结清', '逾期结清', '已还清', '关闭', '已关闭'],
    written_off: ['writtenoff', 'writeoff', 'chargedoff', 'chargeoff', 'wo', '核销', '已核销', '呆账核销'],
    sold: ['transferred', 'debtsold', '转让', '已转让', '债权转让'],
    cancelled: ['canceled', 'cancelled', 'void', 'voided', 'withdrawn', '撤销', '已撤销', '取消', '已取消', '作废'],
    not_disbursed: ['notdisbursed', 'approved', 'pendingdisbursement', 'undisbursed', '未放款', '待放款', '放款中'],
    frozen: ['blocked', 'suspended', '冻结', '止付'],
    deceased: ['dead', '死亡', '身故'],
    bankrupt: ['bankruptcy', 'insolvent', '破产'],
    fraud: ['fraudulent', '欺诈', '伪冒'],
  },
  'schedule.status': {
    paid: ['settled', 'closed', 'completed', 'cleared', 'paidoff', 'ontime', '已还', '已还清', '已结清', '结清', '正常还清', '已还款', '还清', '提前还清', '逾期还清'],
    waived: ['forgiven', '减免', '已减免', '免还'],
    part_paid: ['partial', 'partpaid', 'partiallypaid', 'partlypaid', '部分还款', '部分已还', '部分还'],
    unpaid: ['due', 'notdue', 'pending', 'open', 'scheduled', 'outstanding', 'future', 'upcoming', 'notpaid', '未还', '待还', '未到期', '正常', '未还款', '待还款'],
    overdue: ['late', 'missed', 'pastdue', 'delinquent', 'arrears', '逾期', '已逾期', '逾期未还'],
  },
  'repayments.kind': {
    payment: ['repayment', '批扣', '批量扣款', '柜面还款', 'normal', 'instalment', 'installment', 'regular', 'receipt', 'credit', 'emi', '还款', '正常还款', '主动还款', '自动扣款', '代扣', '代扣还款', '逾期还款'],
    prepayment: ['partprepayment', 'partialprepayment', 'prepay', '提前还款', '部分提前还款'],
    settlement: ['foreclosure', 'payoff', 'earlysettlement', 'fullprepayment', '提前结清', '结清', '全额提前还款'],
    recovery: ['recoveries', 'writeoffrecovery', 'postwriteoff', '核销收回', '核销后还款', '呆账收回'],
    compensation: ['guarantorpayment', '代偿', '担保代偿', '保险理赔', '理赔'],
    buyback: ['repurchase', '回购', '回购还款'],
    waiver: ['waived', 'discount', '减免', '罚息减免', '优惠减免'],
    credit_note: ['creditnote', 'goodsreturn', '退货'],
    charge: ['charges', 'feecharge', '费用登记'],
    undo: ['reversal', 'reverse', 'bounce', 'bounced', 'nsf', 'returned', 'storno', '冲正', '冲账', '撤销', '退票'],
    chargeback: ['chargebacks', '拒付'],
    refund: ['refunded', '退款', '溢缴退款'],
  },
  'repayments.status': {
    settled: ['realised', 'realized', 'honoured', 'honored', 'received', 'success', 'successful', 'succeeded', 'completed', 'complete', 'confirmed', 'posted', 'cleared', 'ok', 'paid', '成功', '已入账', '入账', '已到账', '还款成功', '交易成功', '扣款成功'],
    pending: ['processing', 'inprocess', 'initiated', 'submitted', '处理中', '待处理', '在途', '扣款中'],
    failed: ['bounced', 'bounce', 'dishonoured', 'dishonored', 'returned', 'failure', 'fail', 'rejected', 'declined', 'error', '失败', '交易失败', '扣款失败', '还款失败'],
    reversed: ['reversal', 'rolledback', '已冲正', '冲正', '已撤销', '撤销'],
  },
  currency: {
    CNY: ['rmb', 'yuan', '¥', '￥', '156', '人民币', '人民币元', '元'],
    USD: ['usdollar', 'dollar', 'us$', '840', '美元'],
    EUR: ['euro', 'euros', '€', '978', '欧元'],
    GBP: ['£', '826', '英镑'],
    JPY: ['yen', '392', '日元'],
    HKD: ['hk$', '344', '港币', '港元'],
    INR: ['rs', 'rs.', '₹', 'rupee', 'rupees', '356', '印度卢比'],
    TWD: ['nt$', '901', '新台币', '台币'],
    SGD: ['s$', '702', '新加坡元'],
    KRW: ['410', '韩元'],
    MXN: ['484'],
    IDR: ['rp', '360'],
    VND: ['704'],
    BRL: ['r$', '986'],
  },
  'loans.method': {
    equal_instalments: ['annuity', 'emi', 'equalinstallments', 'equalinstallment', 'equalinstalment', '等额本息'],
    equal_principal: ['equalprincipal', 'linear', '等额本金'],
    interest_only: ['interestonly', 'balloon', '先息后本', '按期付息到期还本', '按月付息到期还本'],
    bullet: ['singlepayment', 'lumpsum', '到期还本付息', '一次性还本付息', '利随本清'],
    revolving: ['revolver', '随借随还', '循环'],
  },
  'loans.frequency': {
    daily: ['day', '每日', '按日'],
    weekly: ['week', '每周', '按周'],
    biweekly: ['fortnightly', '双周', '每两周'],
    monthly: ['month', '每月', '按月', '月'],
    quarterly: ['quarter', '每季', '按季', '季'],
    semiannual: ['halfyearly', '半年'],
    annual: ['yearly', 'year', '每年', '按年', '年'],
  },
}

/** Texts that stand for no value. */
export const nonValues = ['NULL', 'null', 'Null', 'N/A', 'n/a', 'NA', '#N/A', 'None', 'none', 'NaN', 'nan', '\\N', '-', '--', '/', '无', '空', '0000-00-00', '0000/00/00', '00000000', '00/00/0000', '0000-00-00 00:00:00']

/** Days that stand for none. */
export const noDays = ['9999-12-31', '2999-12-31', '2199-12-31', '2099-12-31', '9999-01-01', '2100-01-01', '1900-01-01', '1899-12-30', '1899-12-31', '1753-01-01', '0001-01-01', '1970-01-01']

/** How the first field of a line begins that is no data. */
export const footers = /^(合\s*计|总\s*计|小\s*计|本页合计|累\s*计|汇\s*总|共\s*\d|记录数|总笔数|总条数|制表|grand total|sub-?total|totals?|sum|trailer|trl|footer|eof|end of|record count|row count|rows?\b|records?\b|count)/i

// @ts-check
// The rules of bench/rules.yaml once more, by hand, as an analyst would hold them in a script. The first that fits decides.

/**
 * @typedef {object} Rule
 * @property {string} id
 * @property {'current' | 'short' | 'medium' | 'long'} tier
 * @property {string} action
 * @property {string} [currency]
 * @property {string} [product]
 * @property {number} [overdueFrom] in whole units of the currency
 * @property {number} [overdueBelow] in whole units of the currency
 * @property {number} [scoreFrom]
 * @property {number} [scoreUpTo]
 */

/** @type {Rule[]} */
const rules = [
  { id: 'B01', tier: 'long', currency: 'KES', overdueFrom: 5000, action: 'legal_review' },
  { id: 'B02', tier: 'long', scoreUpTo: 449, action: 'agency' },
  { id: 'B03', tier: 'long', action: 'senior_call' },
  { id: 'B04', tier: 'medium', currency: 'TZS', overdueFrom: 2000, action: 'manager_call' },
  { id: 'B05', tier: 'medium', product: 'bnpl', action: 'firm_sms' },
  { id: 'B06', tier: 'medium', action: 'call' },
  { id: 'B07', tier: 'short', currency: 'USD', overdueBelow: 10, action: 'none' },
  { id: 'B08', tier: 'short', scoreFrom: 700, action: 'sms' },
  { id: 'B09', tier: 'short', action: 'call' },
  { id: 'B10', tier: 'current', action: 'none' },
]

/**
 * The rules as one CASE over columns tier, currency, product, score and overdue_amount.
 * @param {'id' | 'action'} output
 */
export const rulesInSql = (output) => `CASE ${rules.map((rule) => `WHEN ${conditions(rule).join(' AND ')} THEN '${rule[output]}'`).join(' ')} END`

/** @param {Rule} rule */
function conditions(rule) {
  const all = [`tier = '${rule.tier}'`]
  if (rule.currency !== undefined) all.push(`currency = '${rule.currency}'`)
  if (rule.product !== undefined) all.push(`product = '${rule.product}'`)
  if (rule.overdueFrom !== undefined) all.push(`overdue_amount >= ${rule.overdueFrom}`)
  if (rule.overdueBelow !== undefined) all.push(`overdue_amount < ${rule.overdueBelow}`)
  if (rule.scoreFrom !== undefined) all.push(`score >= ${rule.scoreFrom}`)
  if (rule.scoreUpTo !== undefined) all.push(`score <= ${rule.scoreUpTo}`)
  return all
}

/**
 * The first rule that fits.
 * @param {string} tier
 * @param {string} currency
 * @param {string} product
 * @param {string} score empty where there is none
 * @param {number} cents overdue
 * @returns {Rule | undefined}
 */
export const ruleFor = (tier, currency, product, score, cents) => rules.find((rule) => rule.tier === tier
  && (rule.currency === undefined || rule.currency === currency)
  && (rule.product === undefined || rule.product === product)
  && (rule.overdueFrom === undefined || cents >= rule.overdueFrom * 100)
  && (rule.overdueBelow === undefined || cents < rule.overdueBelow * 100)
  && (rule.scoreFrom === undefined || (score !== '' && Number(score) >= rule.scoreFrom))
  && (rule.scoreUpTo === undefined || (score !== '' && Number(score) <= rule.scoreUpTo)))

/** Signs that headers and words of lenders have in traditional script, and the simplified ones that stand for them in the tables. */
const pairs = '貸贷據据號号編编碼码帳账帐账賬账戶户還还應应實实際际額额餘余狀状態态類类產产種种幣币貨货數数發发時时間间總总費费罰罚違违約约單单業业務务轉转讓让銷销結结關关閉闭計计劃划賠赔償偿項项證证開开減减衝冲沖冲撥拨歸归週周頻频執执機机構构動动電电話话聯联員员協协議议滯滞納纳過过處处敗败筆笔資资備备註注別别區区訂订錄录錯错誤误當当後后從从簽签繳缴貼贴現现歷历會会經经紀纪臺台灣湾幾几條条進进終终凍冻個个'

const byTraditional = new Map<string, string>()
const signs = [...pairs]
for (let at = 0; at + 1 < signs.length; at += 2) byTraditional.set(signs[at]!, signs[at + 1]!)

export const simplified = (text: string): string => (/\p{Script=Han}/u.test(text) ? [...text].map((sign) => byTraditional.get(sign) ?? sign).join('') : text)

"""The words and tokens by which servers say that a page is not what was asked for.

A sign says what it means, where it counts, and how much other text a page may have for it to count: an error page
says little else. Each stands beside a case it was made for; the tests hold them to it. A word alone never decides
on a page with an article's marks, with a meta line beside navigation, or with a passage of sentences: 统一身份认证
stands in the head of ordinary pages, and 系统维护 is what a notice is about.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pipelines.model import Outcome

Where = Literal["title", "line", "source", "uri"]

ALONE = 400
"""Characters outside links of an error page, a site's frame around it included."""
FRAMED = 1500
"""The same with a long foot; for words that hardly say anything else."""
BARE = 120
"""For tokens in the source: pages that a person cannot read at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One way in which servers say it."""

    outcome: Outcome
    where: Where
    most: int
    """Characters of text outside links that the page may have."""
    pattern: re.Pattern[str]
    case: str
    """What was seen, or a shortened form of it."""


def _signs(outcome: Outcome, where: Where, most: int, *rules: tuple[str, str]) -> tuple[Sign, ...]:
    flags = re.IGNORECASE | (re.MULTILINE if where == "line" else 0)  # many lines are searched at once
    return tuple(
        Sign(outcome=outcome, where=where, most=most, pattern=re.compile(rule, flags), case=case)
        for rule, case in rules
    )


_CAMPUS = r"(?:校内|校內|校园网?|校園網?|校本部|内网|內網|学校内部|校網|vpn)"
_VISIT = r"(?:访问|浏览|查看|查阅|瀏覽|瀏覧|連線|存取|阅读|閱讀|閱覽|查閱|打开|使用|下载|下載)"
_LOG_IN = r"(?:登录|登陆|登入|登錄)"
_PAGE = (
    r"(?:页面?|网页|頁面?|網頁|文章|信息|资讯|資訊|新闻|新聞|内容|內容|栏目|欄目|链接|連結|资源|資源|帖子|公告|主题|主題|地址|网址"
    r"|文件|檔案|站点|记录|资料|資料|频道|专题|路径|数据|对象)"
)
_GONE = (
    r"(?:不存在|不見|不见|走丢|走失|迷路|(?:已|被|可能|或)+(?:经|經)?(?:被)?(?:作者|管理员|发布者)?"
    r"(?:删除|刪除|删|移除|下线|下架|撤下|失效|撤回|撤销|关闭|过期|過期|迁移|移动|移動|移走|更名)"
    r"|(?:未|没有?|沒有?|无法|無法)(?:被)?找到|找不[到着]|无法(?:访问|显示|打开)|未(?:发布|审核|通过审核)|飞走|离家出走)"
)
_END = r"\W*(?:$|[-_|–—])"

CHALLENGE = (
    *_signs(
        Outcome.CHALLENGE, "source", BARE,
        # 瑞数 Riversecurity, with 412, 400 or 202; whole pages carry the token in their head, too
        (r"\$_ts\b", "<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>"),
        # 加速乐 Jiasule, 521, first and second answer
        (r"__jsl_clearance|cookie=\('_'\)\+\('_'\)\+\('j'\)", "document.cookie=('_')+('_')+('j')+('s')+('l')"),
        (r"acw_sc__v[23]|\barg1='[0-9A-F]{40}'", "var arg1='3000176000856006061501533003690027800375';"),  # Aliyun
        (
            r"YunSuoAutoJump|security_verify_data",
            "function YunSuoAutoJump() { self.location='/?security_verify_data=';",
        ),
        (
            r"challenge-platform|cf-browser-verification|_cf_chl_",
            'src="/cdn-cgi/challenge-platform/h/b/orchestrate"',
        ),
        (r"_Incapsula_Resource|sucuri_cloudproxy|ddos-guard|datadome", 'src="/_Incapsula_Resource?SWJIYLWA=7"'),
        (
            r"TencentCaptcha|initGeetest|AwsWafIntegration|hcaptcha\.com|g-recaptcha",
            "new TencentCaptcha('2046626881',",
        ),
        (r"EO_Bot_Ssid|__tst_status", "document.cookie='__tst_status='+t+'#;'"),  # EdgeOne
        (r"\bsl-challenge|SafeLineChallenge|safeline_bot", '<div id="sl-challenge">'),  # 雷池
    ),
    *_signs(
        Outcome.CHALLENGE, "title", ALONE,
        (r"^just a moment|^attention required! \| cloudflare|checking your browser", "Just a moment..."),
        (r"^(?:安全|人机|滑动|身份)(?:验证|检[查测])|^验证码" + _END, "安全验证"),
        (r"^(?:security|robot) check|^are you (?:a )?(?:robot|human)|^captcha", "Security Check"),
    ),
    *_signs(
        Outcome.CHALLENGE, "line", ALONE,
        (r"环境异常|完成验证后.{0,4}继续访问", "当前环境异常，完成验证后即可继续访问。"),  # WeChat
        (  # VSB
            r"(?:输入|填写|輸入).{0,6}(?:验证码|驗證碼).{0,4}(?:下载|下載|访问|查看|继续)",
            "请输入验证码下载附件",
        ),
        (
            r"(?:完成|通过|进行|点击|拖动|按住).{0,12}(?:安全|人机|下[方面列]|滑块|滑动|拼图).{0,8}(?:验证|滑块"
            r"|拼图)",
            "请完成下方安全验证",
        ),
        (r"正在(?:进行)?.{0,6}(?:安全|人机|浏览器|身份)(?:检[查测]|验证|扫描)|正在(?:检[查测]|验证).{0,4}浏览器", "正在进行安全检测，请稍候"),
        (r"浏览器(?:安全)?检[查测]|人机(?:识别|身份验证)|滑[动块].{0,8}验证", "浏览器安全检查中，还剩 5 秒"),
        (r"checking (?:your browser|if the site connection is secure)|performing security verification", "Checking your browser before accessing"),
        (
            r"verify(?:ing)? (?:that )?you are (?:a )?human|request is being verified|complete the (?:security check|captcha)",
            "Verify you are human",
        ),
        (
            r"enable (?:javascript and cookies|cookies and javascript) to continue|unusual traffic from your",
            "Enable JavaScript and cookies to continue",
        ),
    ),
    *_signs(
        Outcome.CHALLENGE, "uri", 10**6,
        (r"mp\.weixin\.qq\.com/mp/\w*captcha", "https://mp.weixin.qq.com/mp/wappoc_appmsgcaptcha?poc_token=x"),
    ),
)  # fmt: skip

CAMPUS_ONLY = _signs(
    Outcome.CAMPUS_ONLY, "line", FRAMED,
    (
        r"(?<![a-z])ip.{0,40}(?:不在|[并並]非|不是|不属于|未被|没有|禁止).{0,16}(?:校内|校園|校园|允许|授权|范围)",
        "您当前ip并非校内地址",
    ),
    (r"(?<![a-z])ip.{0,40}非.{0,3}(?:校内|校園|校园)", "您的IP（192.0.2.1）为非校内地址"),
    (
        rf"(?:仅|只|僅)(?:限|供|允许|能|可|在|对|對|于|於|向)*.{{0,3}}{_CAMPUS}.{{0,12}}(?:{_VISIT}|开放|開放|可见)",
        "该信息仅允许校内地址访问",
    ),
    (rf"(?:限|供)(?:于|於)?{_CAMPUS}.{{0,8}}{_VISIT}", "本栏目限校园网用户访问"),
    (
        rf"(?:请|請|需|须|須|应)(?:要|先|您|在|使用|用|通过|透過|经|连接|接入|登录|切换|于|以|從|从|至|回)*"
        rf"{_CAMPUS}.{{0,14}}(?:{_VISIT}|[后後]再)",
        "请使用校园网或VPN访问",
    ),
    (rf"(?:非|不是|不属于)(?:本)?{_CAMPUS}(?:ip|用户|地址|位址|使用者|{_VISIT})", "非校内IP，禁止访问"),
    (
        r"校外.{0,10}(?:无法|無法|不能|禁止|无权|不可|不允许|拒绝|阻止|请使用|請使用|请登录|请先|需要|须)",
        "校外用户请登录VPN后浏览",
    ),
    (
        r"(?:on[- ]?campus|campus network|university network|intranet) (?:access |users? )?only",
        "On-campus access only",
    ),
    (
        r"(?:only|restricted|limited).{0,40}"
        r"(?:on[- ]campus|(?:campus|university|school|internal) (?:network|ip)|intranet)",
        "Access to this page is restricted to the campus network",
    ),
    (
        r"(?:교내|학내)(?:에서만|\s?(?:ip|네트워크|망)).{0,20}(?:접속|이용|열람|접근)",
        "교내 네트워크에서만 접속 가능합니다",
    ),
    (r"学内(?:から|の)?(?:のみ|限定|専用)", "このページは学内からのみ閲覧できます"),
    (
        r"nur (?:aus dem|im|über das) (?:hochschul|universitäts|campus|uni)-?netz",
        "Zugriff nur aus dem Universitätsnetz",
    ),
)  # fmt: skip

LOGIN = (
    *_signs(
        Outcome.LOGIN_REQUIRED, "title", ALONE,
        (rf"^\W*\w{{0,10}}{_LOG_IN}(?:页面|界面|入口|系统|平台|頁面|中心)?{_END}", "管理员登录"),
        (rf"[-_|–—\s]\w{{0,8}}{_LOG_IN}(?:页面|界面|入口|系统|平台)?\W*$", "办公系统 - 用户登录"),
        (
            rf"(?:[统統]一身份(?:认证|認證|验证)|单点登录|單一(?:簽入|登入)|认证)(?:平台|系统|中心|服务)*{_END}",
            "统一身份认证平台",
        ),
        (
            r"\b(?:log[ -]?in|sign[ -]?in|log[ -]?on|single sign[ -]?on|web ?vpn)\b",
            "CAS – Central Authentication Service Login",
        ),
        (r"로그인|ログイン|^anmeld(?:ung|en)\b|^connexion\b", "로그인 | 대학교"),
    ),
    *_signs(
        Outcome.LOGIN_REQUIRED, "line", 200,
        (
            rf"[请請]您?先?(?:使用.{{0,16}})?{_LOG_IN}(?:系统|系統)?(?:\W*$|[后後再])|{_LOG_IN}[后後](?:才能|方可|可"
            rf"|再|{_VISIT})|需要?先?{_LOG_IN}(?:才能|方可)",
            "请先登录后再查看",
        ),
        (rf"[您你][还尚還]?(?:没有|未|沒有|需要|必须)先?{_LOG_IN}|^\W*[尚还]?未{_LOG_IN}\W*$", "您尚未登录系统"),
        (rf"(?:{_LOG_IN}|会话)(?:已|已经)?(?:超时|过期|失效|逾時)", "登录超时，请重新登录"),
        (rf"(?:vpn|内网|校内网).{{0,6}}{_LOG_IN}", "（校内网或VPN下登录）"),
        (
            r"please (?:log|sign) ?in|(?:must|need to|have to) (?:be logged in|log ?in|sign in)",
            "Please log in to continue",
        ),
        (r"login (?:is )?required|session (?:has )?expired", "Login required"),
        (r"로그인(?:이 필요|\s?후\s?(?:이용|접근|열람)|해\s?주)", "로그인이 필요한 서비스입니다"),
        (
            r"ログインしてください|bitte (?:melden sie sich an|einloggen)",
            "このページを見るにはログインしてください",
        ),
    ),
    *_signs(
        Outcome.LOGIN_REQUIRED, "uri", ALONE,
        (
            r"/(?:authserver|cas|sso|idp|adfs|passport|oauth2?|saml2?)/(?:\S*log|\S*sso|\S*auth|ls)",
            "https://x.edu.cn/authserver/login",
        ),
        (r"/(?:user/)?(?:login|logon|signin|wp-login)(?:\.\w{2,5})?(?:[?#/;]|$)", "http://oa.x.edu.cn/login.php"),
        (r"//(?:webvpn|authserver|sso|cas|ids|uis|passport|idp|login)\.", "https://cas.x.edu.cn/?service=y"),
    ),
)  # fmt: skip

SERVER_ERROR = (
    *_signs(
        Outcome.SERVER_ERROR, "title", FRAMED,
        (r"^\W*(?:error |http |http status )?50[0-5]\b|internal server error", "500 - Internal server error."),
        (
            r"^(?:bad gateway|service unavailable|gateway time-?out|bad request|runtime error|database error)",
            "Bad Gateway",
        ),
        (r"server error in|^whoops|(?:服务器|数据库)(?:内部)?(?:错误|出错)", "Server Error in '/' Application."),
    ),
    *_signs(
        Outcome.SERVER_ERROR, "line", 4000,
        (
            r"^http (?:status|error) 5\d\d|service unavailable|internal server error|server error in '",
            "HTTP Status 500 – Internal Server Error",
        ),
        (
            r"^(?:502 bad gateway|503 service|504 gateway)|error establishing a database connection",
            "502 Bad Gateway",
        ),
        (
            r"(?:fatal|parse) error: |warning: mysqli?_|sqlstate\[|traceback \(most recent",
            "Fatal error: Uncaught Error",
        ),
        (
            r"microsoft (?:ole db|vbscript|jet database|odbc)|adodb\.",
            "Microsoft OLE DB Provider for ODBC Drivers 错误 '80004005'",
        ),
        (
            r"java\.(?:lang|sql|io|net)\.\w+(?:exception|error)|org\.apache\.jasper",
            "java.lang.NullPointerException",
        ),
    ),
    *_signs(
        Outcome.SERVER_ERROR, "line", ALONE,
        (r"(?:服务器|伺服器)(?:内部|內部)?(?:发生)?(?:错误|出错|异常|繁忙|忙|錯誤)", "服务器内部错误"),
        (
            r"^\W*(?:系统|程序|应用)(?:发生|出现)?(?:错误|异常|繁忙|出错|忙)|服务器开小差|something went wrong|an (?:unexpected )?error (?:has )?occurred"
            r"|服[务務](?:暂时|暫時|当前)?(?:不可用|无法使用)"
            r"|server has gone away",
            "系统繁忙，请稍后再试",
        ),
        (r"(?:数据库|資料庫)(?:连接|查询|服务器|連線)?(?:错误|失败|出错|异常|錯誤)", "数据库连接失败"),
    ),
)  # fmt: skip

BLOCKED = (
    *_signs(
        Outcome.BLOCKED, "title", ALONE,
        (r"^\W*(?:error )?403\b|^forbidden|^access (?:is )?(?:denied|forbidden)|^unauthorized", "403 Forbidden"),
        (
            r"(?:访问|请求)被(?:拒绝|拦截|阻断|禁止)|^(?:拒绝|禁止)访问|拦截(?:提示|页面|信息)|waf拦截",
            "D盾_拦截提示",
        ),
        (r"网站防火墙|^request rejected|^429\b|too many requests", "网站防火墙"),
        (r"^没有权限|权限(?:不足|提示)", "没有权限"),
    ),
    *_signs(
        Outcome.BLOCKED, "line", ALONE,
        (  # 安全狗
            r"请求.{0,4}(?:带有|含有|包含|存在).{0,4}(?:不合法|非法|恶意)",
            "您的请求带有不合法参数，已被网站管理员设置拦截！",
        ),
        (
            r"被.{0,8}(?:拦截|阻断|阻止|封禁|拉黑)|(?:访问|请求)(?:已)?被(?:拒绝|禁止|限制|中断)",
            "您的访问已被云防护拦截",
        ),
        (  # Aliyun
            r"对(?:网站|服务器|本站)(?:造成|存在|产生)?.{0,4}(?:威胁|危险|攻击)",
            "由于您访问的URL有可能对网站造成安全威胁",
        ),
        (r"(?:^\W*|检测到.{0,4})(?:非法|恶意|可疑)的?(?:请求|访问|操作|攻击)|请求不合法", "非法请求"),
        (r"(?:ip|地址)(?:已)?(?:被)?(?:封禁|封锁|拉黑|列入黑名单|禁止|限制访问)", "您的IP已被列入黑名单"),
        (
            rf"(?:没有|無|无|沒有|不具有|不具备).{{0,10}}{_VISIT}?.{{0,8}}权[限力]|无权{_VISIT}|[权權]限不足",
            "对不起，您没有权限访问该页面",
        ),
        (r"(?:访问|操作|请求)(?:过于|太|过)频繁|too many requests|rate limit", "您的访问过于频繁，请稍后再试"),
        (
            r"403 forbidden|^\W*(?:403\W*)?禁止访问|access (?:is )?(?:denied|forbidden)|forbidden: access|directory listing denied",
            "403 Forbidden",
        ),
        (
            r"(?:don.t|do not) have permission to (?:access|view)|request (?:was |is |has been )?(?:rejected|blocked)",
            "You don't have permission to access /",
        ),
        (
            r"url was rejected|your support id|reference #\d|ha(?:s|ve) been blocked",
            "The requested URL was rejected. Your support ID is: 1",
        ),
        (r"접근\s?권한이 없|접근이 (?:거부|제한|차단)", "접근 권한이 없습니다"),
        (r"アクセスが(?:拒否|禁止)|zugriff verweigert|keine berechtigung", "Zugriff verweigert"),
    ),
)  # fmt: skip

UNCONFIGURED = _signs(
    # a server without a site, a domain without an owner
    Outcome.MAINTENANCE, "line", FRAMED,
    (r"^welcome to (?:nginx|openresty|tengine|caddy|centos|lighttpd)|^it works!?$", "Welcome to nginx!"),
    (
        r"(?:apache2? .{0,20}|http server )(?:default|test) page|test the proper operation",
        "Apache2 Debian Default Page",
    ),
    (r"^iis(?:7|8|10)?$|^internet information services$|^iis windows", "IIS Windows Server"),
    (
        r"successfully installed tomcat|default (?:web ?)?site page",
        "If you're seeing this, you've successfully installed Tomcat.",
    ),
    (r"站点创建成功|没有找到站点|您?的?站点已?(?:创建|建立)成功", "恭喜, 站点创建成功！"),  # 宝塔
    (
        r"domain (?:name )?(?:is|may be) (?:for sale|parked)|buy this domain|sedoparking",
        "This domain is for sale",
    ),
    (
        r"域名(?:已过期|未备案|可合作|正在出售|出售|转让|停放|未绑定)|(?:网站|未)(?:进行|未)?备案",
        "该域名已过期",
    ),
    (r"account (?:has been )?suspended", "This Account has been suspended."),
)  # fmt: skip

SOFT_404 = (
    *_signs(
        Outcome.SOFT_404, "title", FRAMED,
        (
            r"^\W*(?:error\s|http\s(?:status\s)?)?404\b|\b404\W*(?:error|not found|页面|頁面|错误|錯誤|$|\|)",
            "404 Not Found",
        ),
        (
            r"(?:page|file|object|document) (?:not found|cannot be found|does(?:n.t| not) exist)|^not found|^oops",
            "Page not found | X",
        ),
        (rf"(?:找不到|未找到|没有找到|无法找到).{{0,8}}{_PAGE}|{_PAGE}.{{0,4}}{_GONE}{_END}", "您访问的页面不存在"),
        (r"seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada", "Seite nicht gefunden"),
        (r"페이지를? ?찾을 수 없|ページが?見つかりません|ページは存在しません", "페이지를 찾을 수 없습니다"),
    ),
    *_signs(
        Outcome.SOFT_404, "title", 200,
        (  # VSB, WebPlus, Discuz
            rf"^\W*(?:系统|系統|错误|錯誤|友情|温馨|信息)?提示(?:信息|页面|頁面|页)?{_END}",
            "系统提示页面",
        ),
        (rf"^\W*(?:系统|页面)?(?:错误|錯誤|警告|出错)(?:了|啦|信息|页面|提示|訊息)*{_END}|^error\W*$", "错误页面"),
    ),
    *_signs(
        Outcome.SOFT_404, "line", FRAMED,
        (
            rf"(?:[您你妳]|所)(?:所|要|想|正在|当前|試圖|试图|希望|目前)*(?:访问|浏览|查看|请求|查找|寻找|打开|瀏覽|查询|查詢|造訪|請求|查閱|點選|点击|找)"
            rf"的?.{{0,12}}{_GONE}",
            "您访问的页面不存在或已被删除！",
        ),
        (
            rf"(?:该|該|此|本|这个|這個|指定的?|对应的?|请求的?|查询的?|相关的?)[条條则則篇项項]?\s?{_PAGE}.{{0,6}}{_GONE}",
            "该文章已被删除",
        ),
        (
            rf"(?:抱歉|对不起|對不起|遗憾|遺憾|sorry|哎呀|糟糕).{{0,12}}(?:{_PAGE}.{{0,10}}{_GONE}|{_GONE}.{{0,12}}"
            rf"{_PAGE})",
            "很抱歉，页面走丢了",
        ),
        (rf"^\W*(?:(?:404|error|错误)\W*)?(?:{_PAGE}|id|参数){_GONE}(?:了|啦|哦|或.{{0,20}})?\W*$", "栏目不存在!"),
        (
            rf"^\W*(?:没有|沒有|无|無|查無)(?:此|该|該|这个|相关|相應|任何)?(?:条)?{_PAGE}\W*$|查無(?:此)?{_PAGE}",
            "没有相关信息",
        ),
        (
            rf"(?:找不到|未找到|没找到|无法找到|沒有找到|無法找到|没有找到).{{0,8}}{_PAGE}",
            "访问地址无效，null找不到对应的栏目！",
        ),
        (r"访问地址无效|(?:错误|非法|无效)的.{0,4}参数", "访问地址无效，错误的栏目参数！"),
        (r"参数(?:错误|不正确|有误|无效|丢失|不能为空|为空|非法|不足)|传参错误", "参数错误"),
        (r"(?:编号|id|标题|栏目|文章)(?:不允许|不能)为空", "下载内容附件，附件编号不允许为空，请确认！"),
        (r"(?:地址|链接|网址|url|id)(?:错误|无效|有误|不正确|已失效|已过期)", "链接已过期"),
        (
            r"(?:页面|頁面)(?:出错|错误|丢失|走丢|飞走|錯誤|遺失)|[走迷](?:错|錯|丢|失)了?路|迷路了",
            "你走錯路了...請回頭，現在。",
        ),
        (
            r"已被发布者删除|内容.{0,12}无法(?:查看|显示)|(?:公众号|帐号|账号)(?:已|因).{0,16}(?:迁移|屏蔽|注销"
            r"|封)",
            "该内容已被发布者删除",
        ),
        (  # Discuz
            r"指定的(?:主题|版块|帖子|用户)不存在|或已被删除或正在被审核",
            "抱歉，指定的主题不存在或已被删除或正在被审核",
        ),
        (
            r"page (?:you|that|requested|could|can|was|does|is).{0,60}"
            r"(?:not (?:be )?found|cannot|can.t|couldn.t|could not|does ?n.t|does not|no longer|moved|removed)",
            "Sorry, the page you are looking for could not be found.",
        ),
        (
            r"(?:page|file|resource|object|document|article|url|content) "
            r"(?:not found|(?:was|could|can) ?not (?:be )?found|(?:does not|doesn.t|no longer) exists?"
            r"|is no longer (?:available|here)|(?:has|may have) been (?:removed|deleted|moved))|link you followed",
            "File not found",
        ),
        (
            r"^\W*(?:error\W*|http\W*|fehler\W*|erreur\W*|오류\W*|エラー\W*|错误\W*|錯誤\W*)?404(?!\d).{0,40}$|http status 404",
            "404 - Not Found",
        ),
        (
            r"was not found on this server|(?:nothing|item|entry) (?:was )?(?:not )?found|page is(?:n.t| not) available"
            r"|no (?:news|articles?) (?:items? )?(?:available|found)"
            r"|(?:can.t|couldn.t|cannot|can not|could not|unable to) find (?:the|that|this) (?:page|file|content)"
            r"|find (?:what you|the (?:page|content) (?:that )?you)(?: a|.)re looking for|find what you were looking for",
            "It looks like nothing was found at this location.",
        ),
        (r"resource (?:you are looking for|cannot be found)", "The resource cannot be found."),  # IIS, ASP.NET
        (
            r"(?:seite|inhalt|dokument).{0,50}(?:existiert|konnte|wurde).{0,12}nicht"
            r"|(?:seite|dokument|adresse|inhalt|url).{0,30}nicht (?:mehr )?(?:gefunden|vorhanden|verfügbar|erreichbar)",
            "Die gewünschte Seite wurde nicht gefunden",
        ),
        (
            r"page (?:demandée|recherchée|que vous).{0,40}(?:introuvable|pas|n.existe)",
            "La page demandée est introuvable",
        ),
        (r"página .{0,20}no (?:existe|se encuentra|(?:ha sido )?encontrada)", "La página solicitada no existe"),
        (
            r"페이지를? ?찾을 수 ?없|존재하지 않는 (?:페이지|게시물|글|주소|자료)|페이지가 없습니다|(?:게시물|페이지|글)[이가]? ?(?:존재하지|삭제되었)",
            "존재하지 않는 게시물입니다",
        ),
        (r"삭제(?:되었거나|된) ?(?:페이지|게시물|글)|잘못된 ?(?:접근|경로|주소|요청)", "잘못된 접근입니다."),
        (r"ページ(?:は|が|を).{0,12}(?:見つかり|存在し|移動|削除)", "お探しのページは見つかりませんでした"),
    ),
)  # fmt: skip

_SITE = r"(?:网站|系统|本站|页面|平台|服务器?|网页|站点|栏目|網站|系統|網頁|頁面|平臺|伺服器|服務|数据库|数据)"
_WORK = r"(?:维护|升级|建设|改版|调整|更新|維護|升級|建置|建構|施工|割接|迁移)"

MAINTENANCE = (
    *_signs(
        Outcome.MAINTENANCE, "line", ALONE,
        (
            rf"{_SITE}(?:正在|目前|现在|正|处于|進行|进行|在|全面|例行|临时|停机|系统|系統)*{_WORK}(?:之?中|期间"
            rf"|状态|，|。|！|!|,|$)",
            "目前網頁系統維護中，造成不便敬請見諒",
        ),
        (
            rf"(?:正在|目前)(?:进行)?.{{0,8}}{_WORK}(?:之?中|，|。|！|!|,|$)|^\W*.{{0,12}}{_WORK}中",
            "網站建置中... :)",
        ),
        (
            r"敬[请請]期待|(?:尚未|暂未|还未|即将|暂不|還沒)(?:开通|开放|上线|推出|启用|開放|建置|完成)",
            "系统尚未开通，请耐心等待！",
        ),
        (
            rf"{_SITE}(?:已|现已|暂时|暫時|临时)*(?:关闭|停用|停止(?:服务|访问|运行)|下线|關閉)|[暂暫]停(?:访问|服[务務]"
            rf"|[开開]放|使用)",
            "网站暂时关闭",
        ),
        (
            r"under (?:construction|maintenance)|coming soon|(?:scheduled|down for|performing(?: some)?) maintenance",
            "This page is currently under construction.",
        ),
        (
            r"(?:temporarily|currently) (?:unavailable|down|offline|closed)|be back soon|briefly unavailable",
            "Briefly unavailable for scheduled maintenance",
        ),
        (r"(?:서비스|시스템|서버|홈페이지)?\s?점검\s?중|시스템 ?점검|준비\s?중입니다", "시스템 점검 중입니다"),
        (r"メンテナンス(?:中|の)|準備中|工事中", "ただいまメンテナンス中です"),
        (
            r"wartungsarbeiten|im aufbau|en (?:construction|maintenance)|en mantenimiento",
            "Diese Seite befindet sich im Aufbau",
        ),
    ),
    *_signs(
        Outcome.MAINTENANCE, "title", ALONE,
        (r"under construction|maintenance(?: mode)?\W*$|^coming soon|account suspended", "Under Construction"),
        (rf"^{_SITE}?{_WORK}中?\W*$", "系统维护"),
        (
            r"^welcome to nginx|^iis|test page for|^apache.{0,20}(?:default|test)|^没有找到站点",
            "Apache HTTP Server Test Page",
        ),
    ),
)  # fmt: skip

SIGNS = (*CHALLENGE, *CAMPUS_ONLY, *LOGIN, *BLOCKED, *UNCONFIGURED, *SOFT_404, *SERVER_ERROR, *MAINTENANCE)
"""In the order in which they are tried: «校外用户请登录» is campus-only, «登录超时，页面不存在» a login."""

NEEDS_JAVASCRIPT = re.compile(
    r"<div[^<>]{0,80}\bid=[\"']?(?:app|root|__next|__nuxt|react-root|q-app)[\"'\s>]|<app-root"
    r"|without javascript|(?:enable|requires?) javascript|(?:启用|开启|打开|支持|允许).{0,8}javascript",
    re.IGNORECASE,
)
"""Shells that a script fills."""

"""Two short papers of our own, each as plain text, as JATS and as a web page with all that stands round it."""

from __future__ import annotations

ENGLISH_TXT = """Anti-CD38 antibodies in relapsed myeloma: what two trials showed

Abstract

Results: In ICARIA-MM, median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd (HR 0.60, 95% CI 0.44-0.81; P = 0.001).

Keywords: myeloma; isatuximab

1. Introduction

Treatment of relapsed multiple myeloma has changed within a few years, and two antibodies against CD38 are in use[1-3].

2. The trials

ICARIA-MM (NCT02990338) was a randomised, open-label phase III trial in which 307 patients received Isa-Pd (n=154) or Pd (n=153)[12]. After a median follow-up of 11.6 months, median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd (HR 0.60, 95% CI 0.44-0.81; P = 0.001)[12,13]. The ORR was 60.4% in the Isa-Pd group and 35.3% in the Pd group. MRD negativity at 10^-5 was reached by 5.2% of patients with Isa-Pd and 0% with Pd.

Grade 3 or higher neutropenia occurred in 85% of patients in the Isa-Pd group and in 70% in the Pd group[14].

IKEMA (NCT03275285) was a randomised phase III trial of 302 patients who received Isa-Kd (n=179) or Kd (n=123)[15]. Median PFS was 35.7 months with Isa-Kd and 19.2 months with Kd (HR 0.58, 95% CI 0.42-0.79).

Table 1. Adverse events of any grade in ICARIA-MM, n (%)
Event\tIsa-Pd (n=152)\tPd (n=149)
Diarrhea\t39 (25.7)\t29 (19.5)
Pneumonia\t31 (20.4)\t26 (17.4)

Acknowledgements

We thank our colleagues, of whom 100% read this in 2.0 months.

References

1. Smith A, Jones B. A trial in which median PFS was 99.9 months with Isa-Pd. Our Journal. 2019;1:1-9.
2. Brown C. Another trial. Our Journal. 2020;2:10-19.
"""

ENGLISH_JATS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD v1.3 20210610//EN" "JATS-archivearticle1-3.dtd">
<pmc-articleset><article xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink" article-type="review-article" xml:lang="en">
<?properties open_access?>
<front><journal-meta><journal-title-group><journal-title>Our Journal</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">12345678</article-id>
<title-group><article-title>Anti-CD38 antibodies in relapsed myeloma: what two trials showed</article-title></title-group>
<contrib-group><contrib><name><surname>Writer</surname><given-names>W.</given-names></name><xref ref-type="aff" rid="a1"><sup>1</sup></xref></contrib></contrib-group>
<aff id="a1"><label>1</label>A hospital with 1,200 beds</aff>
<pub-date><day>3</day><year>2024</year></pub-date>
<abstract><title>Abstract</title><sec><p><bold>Results:</bold> In ICARIA-MM, median PFS was 11.5&#x2009;months with Isa-Pd and
 6.5 months with Pd (HR 0.60, 95% CI 0.44-0.81; <italic>P</italic> = 0.001).</p></sec></abstract>
<kwd-group><kwd>myeloma</kwd><kwd>isatuximab</kwd></kwd-group></article-meta></front>
<body>
<sec id="s1"><label>1.</label><title>Introduction</title>
<p>Treatment of relapsed multiple myeloma has changed within a few years, and two antibodies against CD38 are in use
[<xref ref-type="bibr" rid="r1">1</xref>&#x2013;<xref ref-type="bibr" rid="r3">3</xref>].</p></sec>
<sec id="s2"><label>2.</label><title>The trials</title>
<p>ICARIA-MM (<ext-link xlink:href="https://example.org/x">NCT02990338</ext-link>) was a randomised, open-label phase III trial in which 307 patients
 received Isa-Pd (<italic>n</italic>=154) or Pd (<italic>n</italic>=153)<xref ref-type="bibr" rid="r12"><sup>12</sup></xref>.
 After a median follow-up of 11.6 months, median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd
 (HR 0.60, 95% CI 0.44-0.81; <italic>P</italic> = 0.001)<sup><xref ref-type="bibr" rid="r12">12</xref>,<xref ref-type="bibr" rid="r13">13</xref></sup>.
 The ORR was 60.4% in the Isa-Pd group and 35.3% in the Pd group. MRD negativity at
 <inline-formula><alternatives><mml:math><mml:msup><mml:mn>10</mml:mn><mml:mrow> <mml:mo>-</mml:mo><mml:mn>5</mml:mn> </mml:mrow></mml:msup></mml:math><graphic xlink:href="f.gif"/></alternatives></inline-formula>
 was reached by 5.2% of patients with Isa-Pd and 0% with Pd.</p>
<p>Grade 3 or higher neutropenia occurred in 85% of patients<table-wrap id="t1"><label>Table 1.</label>
<caption><title>Adverse events of any grade in ICARIA-MM, n (%)</title></caption>
<table frame="hsides"><thead><tr><th>Event</th><th>Isa-Pd (<italic>n</italic>=152)</th><th>Pd (<italic>n</italic>=149)</th></tr></thead>
<tbody><tr><td>Diarrhea<xref ref-type="table-fn" rid="n1"><sup>a</sup></xref></td><td>39 (25.7)</td><td>29 (19.5)</td></tr>
<tr><td>Pneumonia</td><td>31 (20.4)</td><td>26 (17.4)</td></tr></tbody></table>
<table-wrap-foot><fn id="n1"><label>a</label><p>As reported.</p></fn></table-wrap-foot></table-wrap>
 in the Isa-Pd group and in 70% in the Pd group<xref ref-type="bibr" rid="r14">14</xref>.</p>
<p>IKEMA (NCT03275285) was a randomised phase III trial of 302 patients who received Isa-Kd (n=179) or Kd (n=123)
 [<xref ref-type="bibr" rid="r15">15</xref>]. Median PFS was 35.7 months with Isa-Kd and 19.2 months with Kd (HR 0.58, 95% CI 0.42-0.79).</p>
</sec></body>
<back><ack><title>Acknowledgements</title><p>We thank our colleagues, of whom 100% read this in 2.0 months.</p></ack>
<ref-list><title>References</title>
<ref id="r1"><label>1</label><mixed-citation>Smith A, Jones B. A trial in which median PFS was 99.9 months with Isa-Pd. <source>Our Journal</source>. <year>2019</year>;1:1-9.</mixed-citation></ref>
<ref id="r2"><label>2</label><element-citation><person-group><name><surname>Brown</surname><given-names>C</given-names></name></person-group><article-title>Another trial</article-title><source>Our Journal</source><year>2020</year><volume>2</volume></element-citation></ref>
</ref-list></back></article></pmc-articleset>
"""

ENGLISH_HTML = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Anti-CD38 antibodies - Our Journal</title>
<meta name="citation_title" content="Anti-CD38 antibodies in relapsed myeloma: what two trials showed">
<style>p { margin: 0 }</style><script>var pfs = "median PFS was 77.7 months with Isa-Pd";</script></head>
<body class="has-cookie-banner">
<a class="skip-link" href="#main">Skip to main content</a>
<div class="cookie-banner"><p>We and our 812 partners use cookies for 13 months. Accept 100%?</p><button>Accept</button></div>
<header class="site-header"><h1>Our Journal</h1><nav><ul><li><a href="/">Home</a></li><li><a href="/issues">References</a></li></ul></nav></header>
<main><article>
<h1>Anti-CD38 antibodies in relapsed myeloma: what two trials showed</h1>
<div class="authors">W. Writer<sup>1</sup></div>
<ul class="share-buttons"><li>Share on 3 networks</li></ul>
<section id="abstract" class="abstract"><h2>Abstract</h2>
<p><b>Results:</b> In ICARIA-MM, median PFS was 11.5&thinsp;months with Isa-Pd and 6.5&nbsp;months with Pd (HR 0.60, 95% CI 0.44-0.81; <i>P</i> = 0.001).</p>
<p><strong>Keywords:</strong> myeloma; isatuximab</p></section>
<section><h2>1. Introduction</h2>
<p>Treatment of relapsed multiple myeloma has changed within a few years, and two antibodies against CD38 are in use
[<a href="#B1">1</a>&ndash;<a href="#B3">3</a>].</p></section>
<section><h2>2. The trials</h2>
<p>ICARIA-MM (<a href="https://example.org/x">NCT02990338</a>) was a randomised, open-label phase III trial in which 307 patients
received Isa-Pd (<i>n</i>=154) or Pd (<i>n</i>=153)<sup><a href="#B12">12</a></sup>. After a median follow-up of 11.6 months, median PFS was
11.5 months with Isa-Pd and 6.5 months with Pd (HR 0.60, 95% CI 0.44-0.81; <i>P</i> = 0.001)<sup>12,13</sup>. The ORR was 60.4% in the Isa-Pd
group and 35.3% in the Pd group. MRD negativity at 10<sup>&minus;5</sup> was reached by 5.2% of patients with Isa-Pd and 0% with Pd.</p>
<p>Grade 3 or higher neutropenia occurred in 85% of patients in the Isa-Pd group and in 70% in the Pd group<a href="#B14">14</a>.
<span hidden>Median PFS was 55.5 months with Isa-Pd.</span></p>
<div class="table-wrap" id="tbl1"><h3>Table 1.</h3><div class="caption"><p>Adverse events of any grade in ICARIA-MM, n (%)</p></div>
<table><thead><tr><th>Event</th><th>Isa-Pd (n=152)</th><th>Pd (n=149)</th></tr></thead>
<tbody><tr><th scope="row">Diarrhea<sup>a</sup></th><td>39 (25.7)</td><td>29 (19.5)</td></tr><tr><th scope="row">Pneumonia</th><td>31 (20.4)</td><td>26 (17.4)</td></tr></tbody></table>
<p class="foot"><sup>a</sup>As reported.</p></div>
<p>IKEMA (NCT03275285) was a randomised phase III trial of 302 patients who received Isa-Kd (n=179) or Kd (n=123) [<a href="#B15">15</a>].
Median PFS was 35.7 months with Isa-Kd and 19.2 months with Kd (HR 0.58, 95% CI 0.42-0.79).</p></section>
<section><h2>Acknowledgements</h2><p>We thank our colleagues, of whom 100% read this in 2.0 months.</p></section>
<section class="ref-list"><h2>References</h2><ol>
<li>Smith A, Jones B. A trial in which median PFS was 99.9 months with Isa-Pd. Our Journal. 2019;1:1-9. <a href="https://example.org">Google Scholar</a></li>
<li>Brown C. Another trial. Our Journal. 2020;2:10-19.</li></ol></section>
</article></main>
<aside class="related-articles"><h2>Related articles</h2><p>In another trial, median PFS was 66.6 months with Isa-Pd.</p></aside>
<footer><p>Our Journal, 2024. Median PFS was 88.8 months with Isa-Pd.</p></footer></body></html>
"""

CHINESE_TXT = """抗CD38单抗治疗复发难治性多发性骨髓瘤的研究进展

摘要：ICARIA-MM研究中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月（HR=0.60，95%CI 0.44~0.81）。

关键词：多发性骨髓瘤；艾沙妥昔单抗

1 引言

近年来复发难治性多发性骨髓瘤的治疗发生了很大变化[1-3]。

2 临床研究

ICARIA-MM研究(NCT02990338)是一项随机、开放的Ⅲ期临床试验，共纳入307例患者，随机接受Isa-Pd(154例)或Pd(153例)治疗[12]。Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月（HR=0.60，95%CI 0.44~0.81，P=0.001）[12,13]，ORR分别为60.4%和35.3%。MRD阴性（10^-5）率分别为5.2%和0%。

IKEMA研究(NCT03275285)是一项随机Ⅲ期试验，302例患者接受Isa-Kd或Kd治疗[15]。Isa-Kd组和Kd组的ORR分别为86.6%和82.9%。

表1 ICARIA-MM研究的主要不良反应[例(%)]
| 不良反应 | Isa-Pd组(n=152) | | Pd组(n=149) | |
| | 任何级别 | ≥3级 | 任何级别 | ≥3级 |
| 血液学不良反应 | | | | |
| 中性粒细胞减少 | 71(46.7) | 69(45.4) | 50(33.6) | 48(32.2) |
| 非血液学不良反应 | | | | |
| 腹泻 | 39(25.7) | 3(2.0) | 29(19.5) | 1(0.7) |

参考文献

[1] 张三, 李四. Isa-Pd组中位PFS为99.9个月的研究[J]. 我刊, 2019, 1(1): 1-9.
[2] 王五. 另一项研究[J]. 我刊, 2020, 2(1): 10-19.

Abstract: In ICARIA-MM, median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd (HR 0.60, 95% CI 0.44-0.81).
"""

_CHINESE_TABLE = """<table><thead>
<tr><th rowspan="2">不良反应</th><th colspan="2">Isa-Pd组(n=152)</th><th colspan="2">Pd组(n=149)</th></tr>
<tr><th>任何级别</th><th>≥3级</th><th>任何级别</th><th>≥3级</th></tr></thead><tbody>
<tr><td colspan="5">血液学不良反应</td></tr>
<tr><td>中性粒细胞减少</td><td>71(46.7)</td><td>69(45.4)</td><td>50(33.6)</td><td>48(32.2)</td></tr>
<tr><td colspan="5">非血液学不良反应</td></tr>
<tr><td>腹泻</td><td>39(25.7)</td><td>3(2.0)</td><td>29(19.5)</td><td>1(0.7)</td></tr></tbody></table>"""

CHINESE_JATS = f"""<?xml version="1.0" encoding="GB18030"?>
<article xml:lang="zh"><front><article-meta>
<title-group><article-title>抗CD38单抗治疗复发难治性多发性骨髓瘤的研究进展</article-title>
<trans-title-group xml:lang="en"><trans-title>Anti-CD38 antibodies in myeloma</trans-title></trans-title-group></title-group>
<abstract><title>摘要</title><p>ICARIA-MM研究中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月（HR=0.60，95%CI 0.44~0.81）。</p></abstract>
<trans-abstract xml:lang="en"><title>Abstract</title><p>In ICARIA-MM, median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd (HR 0.60, 95% CI 0.44-0.81).</p></trans-abstract>
<kwd-group><title>关键词</title><kwd>多发性骨髓瘤</kwd><kwd>艾沙妥昔单抗</kwd></kwd-group></article-meta></front>
<body><sec><label>1</label><title>引言</title><p>近年来复发难治性多发性骨髓瘤的治疗发生了很大变化<sup>[<xref ref-type="bibr">1</xref>-<xref ref-type="bibr">3</xref>]</sup>。</p></sec>
<sec><label>2</label><title>临床研究</title><p>ICARIA-MM研究(NCT02990338)是一项随机、开放的Ⅲ期临床试验，共纳入307例患者，
随机接受Isa-Pd(154例)或Pd(153例)治疗<sup>[<xref ref-type="bibr">12</xref>]</sup>。Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月（HR=0.60，95%CI 0.44~0.81，<italic>P</italic>=0.001）<sup><xref ref-type="bibr">[12,13]</xref></sup>，ORR分别为60.4%和35.3%。MRD阴性（10<sup>-5</sup>）率分别为5.2%和0%。</p>
<p>IKEMA研究(NCT03275285)是一项随机Ⅲ期试验，302例患者接受Isa-Kd或Kd治疗<xref ref-type="bibr"><sup>[15]</sup></xref>。Isa-Kd组和Kd组的ORR分别为86.6%和82.9%。</p>
<table-wrap><label>表1</label><caption><title>ICARIA-MM研究的主要不良反应[例(%)]</title></caption>{_CHINESE_TABLE}</table-wrap></sec></body>
<back><ref-list><title>参考文献</title>
<ref><label>[1]</label><mixed-citation>张三, 李四. Isa-Pd组中位PFS为99.9个月的研究[J]. 我刊, 2019, 1(1): 1-9.</mixed-citation></ref>
<ref><label>[2]</label><mixed-citation>王五. 另一项研究[J]. 我刊, 2020, 2(1): 10-19.</mixed-citation></ref></ref-list></back></article>
"""

CHINESE_HTML = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>我刊</title></head>
<body><div id="navbar"><ul><li><a href="/">首页</a></li><li><a href="/a">参考文献</a></li></ul></div>
<div class="content"><h1>抗CD38单抗治疗复发难治性多发性骨髓瘤的研究进展</h1>
<p><b>摘要：</b>ICARIA-MM研究中，Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月（HR=0.60，95%CI 0.44~0.81）。</p>
<p><b>关键词：</b>多发性骨髓瘤；艾沙妥昔单抗</p>
<p><b>1 引言</b></p><p>近年来复发难治性多发性骨髓瘤的治疗发生了很大变化<sup>[1-3]</sup>。</p>
<p><b>2 临床研究</b></p>
<p>ICARIA-MM研究(NCT02990338)是一项随机、开放的Ⅲ期临床试验，共纳入307例患者，随机接受Isa-Pd(154例)或Pd(153例)治疗<sup>[12]</sup>。Isa-Pd组和Pd组的中位PFS分别为11.5个月和6.5个月（HR=0.60，95%CI 0.44~0.81，<i>P</i>=0.001）<sup>[12,13]</sup>，ORR分别为60.4%和35.3%。MRD阴性（10<sup>-5</sup>）率分别为5.2%和0%。<br><br>
IKEMA研究(NCT03275285)是一项随机Ⅲ期试验，302例患者接受Isa-Kd或Kd治疗<sup>[15]</sup>。Isa-Kd组和Kd组的ORR分别为86.6%和82.9%。</p>
<p>表1 ICARIA-MM研究的主要不良反应[例(%)]</p>{_CHINESE_TABLE}
<p><b>参考文献</b></p><p>[1] 张三, 李四. Isa-Pd组中位PFS为99.9个月的研究[J]. 我刊, 2019, 1(1): 1-9.</p><p>[2] 王五. 另一项研究[J]. 我刊, 2020, 2(1): 10-19.</p>
<h2>Abstract</h2><p>In ICARIA-MM, median PFS was 11.5 months with Isa-Pd and 6.5 months with Pd (HR 0.60, 95% CI 0.44-0.81).</p>
</div><div class="page-footer">版权所有 © 我刊，中位PFS为88.8个月。</div></body></html>
"""

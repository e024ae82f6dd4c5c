namespace Crypson.Models;

/// <summary>The style sheet of <see cref="HtmlPage"/>; its colours are those of the charts.</summary>
internal static class HtmlStyle
{
    // No <, > or &, so that the sheet reads the same to HTML and to XML.
    // --edge frames pictures whose colours a dark page turns round, frame included.
    public const string Text =
        """

        :root{--paper:#ffffff;--raised:#f6f8fa;--ink:#1f2328;--faint:#59636e;--line:#d8dee4;--edge:#d8dee4;--accent:#0069b4;--warm:#c8500a;--good:#00805c}
        @media(prefers-color-scheme:dark){:root{--paper:#0d1117;--raised:#161b22;--ink:#e6edf3;--faint:#9198a1;--line:#30363d;--edge:#cfc9c2;--accent:#58aeff;--warm:#ff9152;--good:#3cc9a0}
        img.ink{filter:invert(1) brightness(.93)}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
        main{max-width:960px;margin:0 auto;padding:40px 24px 72px}
        h1{font-size:30px;line-height:1.2;letter-spacing:-.02em;margin:0}
        h2{font-size:20px;line-height:1.3;letter-spacing:-.01em;margin:0 0 8px}
        h3{font-size:15px;margin:20px 0 6px}
        p{margin:0 0 12px;max-width:72ch;text-wrap:pretty}
        .lead{font-size:18px;color:var(--faint);margin:8px 0 0}
        section,aside{margin-top:44px}
        aside{border-left:4px solid var(--warm);background:var(--raised);border-radius:6px;padding:18px 22px 8px}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:10px;margin:24px 0 0}
        .facts div{background:var(--raised);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
        .facts dt{font-size:13px;color:var(--faint)}
        .facts dd{margin:0;font-size:20px;font-weight:600;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
        figure{margin:16px 0 0}
        figure svg,figure img{display:block;max-width:100%;height:auto;border:1px solid var(--line);border-radius:6px}
        figure img{border-color:var(--edge)}
        figcaption{font-size:14px;color:var(--faint);margin-top:6px}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:0 20px;align-items:start}
        .pair img,.pair svg{width:100%}
        .scroll{overflow-x:auto;margin-top:12px;border:1px solid var(--line);border-radius:6px}
        table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
        th,td{padding:5px 14px;text-align:right;white-space:nowrap}
        th:first-child,td:first-child{text-align:left}
        th{font-weight:600;color:var(--faint);background:var(--raised)}
        tbody tr{border-top:1px solid var(--line)}
        code,.mono{font-family:ui-monospace,'Cascadia Mono',Menlo,Consolas,monospace;font-size:.92em;overflow-wrap:anywhere}
        .quote{font-size:22px;line-height:1.4;border-left:4px solid var(--accent);padding:4px 0 4px 16px;margin:12px 0;overflow-wrap:anywhere;white-space:pre-wrap}
        .bars{display:block;width:64px;height:32px;fill:var(--accent)}
        .bars path{stroke:var(--faint);stroke-width:.6}
        .bars.warm{fill:var(--warm)}
        .path{display:flex;flex-wrap:wrap;gap:10px;margin-top:16px}
        .path fieldset{margin:0;padding:4px 6px 6px;border:1px solid var(--line);border-radius:8px;display:flex;flex-wrap:wrap;gap:4px;min-width:0;max-width:100%;break-inside:avoid}
        .path legend{font-weight:600;font-size:17px;padding:0 6px;min-height:26px}
        .path div{width:76px;padding:4px 6px;display:flex;flex-direction:column;align-items:center;gap:4px;font-size:13px;color:var(--faint)}
        .path b{font-size:22px;line-height:1.2;color:var(--ink)}
        .path b.wrong{color:var(--warm)}
        .path img{width:64px;height:64px;border:1px solid var(--edge);border-radius:4px}
        @media(max-width:560px){main{padding:24px 16px 48px}h1{font-size:25px}section,aside{margin-top:34px}th,td{padding:5px 9px}}
        @media print{main{max-width:none;padding:0}section{margin-top:24px}figure,tr,aside,.facts div{break-inside:avoid}h2{break-after:avoid}.scroll{overflow:visible}}

        """;
}

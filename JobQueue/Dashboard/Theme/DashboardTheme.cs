using MudBlazor;

namespace JobQueue.Dashboard.Theme;

/// <summary>
/// The looks that components share. Both palettes go out with the first HTML, each under its own selector, so that switching
/// is one attribute set in the browser: no flash on reload, nothing over the circuit.
/// </summary>
internal static class DashboardTheme
{
    private static readonly string[] Sans = ["Inter Variable", "Inter", "system-ui", "sans-serif"];

    public static MudTheme Light { get; } = Create(":root", LightPalette(), null);

    public static MudTheme Dark { get; } = Create(":root[data-theme='dark']", null, DarkPalette());

    private static MudTheme Create(string scope, PaletteLight? light, PaletteDark? dark) => new()
    {
        PseudoCss = new PseudoCss { Scope = scope },
        PaletteLight = light ?? new PaletteLight(),
        PaletteDark = dark ?? new PaletteDark(),
        LayoutProperties = new LayoutProperties
        {
            AppbarHeight = "48px",
            DrawerWidthLeft = "212px",
            DefaultBorderRadius = "6px",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = Sans, FontSize = "1.25rem", FontWeight = "620", LineHeight = "1.3", LetterSpacing = "-0.01em" },
            H2 = new H2Typography { FontFamily = Sans, FontSize = "1rem", FontWeight = "600", LineHeight = "1.35", LetterSpacing = "-0.005em" },
            H6 = new H6Typography { FontFamily = Sans, FontSize = "1rem", FontWeight = "600", LineHeight = "1.35", LetterSpacing = "-0.005em" },
            Body1 = new Body1Typography { FontFamily = Sans, FontSize = "0.875rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Sans, FontSize = "0.8125rem", LineHeight = "1.45", LetterSpacing = "normal" },
            Button = new ButtonTypography
            {
                FontFamily = Sans,
                FontSize = "0.8125rem",
                FontWeight = "550",
                LineHeight = "1.5",
                LetterSpacing = "normal",
                TextTransform = "none",
            },
            Caption = new CaptionTypography { FontFamily = Sans, FontSize = "0.75rem", LineHeight = "1.4", LetterSpacing = "normal" },
        },
    };

    private static PaletteLight LightPalette() => new()
    {
        Primary = "#2456b3",
        PrimaryContrastText = "#ffffff",
        Secondary = "#4b5768",
        Tertiary = "#0f766e",
        Info = "#2456b3",
        Success = "#1a7046",
        Warning = "#8a5a00",
        Error = "#b3261e",
        Dark = "#1b2430",
        Background = "#f6f7f9",
        BackgroundGray = "#eef0f4",
        Surface = "#ffffff",
        AppbarBackground = "#ffffff",
        AppbarText = "#1b2430",
        DrawerBackground = "#ffffff",
        DrawerText = "#3d4858",
        DrawerIcon = "#5a6676",
        TextPrimary = "#1b2430",
        TextSecondary = "#566172",
        TextDisabled = "#7b8696",
        ActionDefault = "#4b5768",
        ActionDisabled = "#9aa4b2",
        ActionDisabledBackground = "#e9ecf1",
        LinesDefault = "#e1e5eb",
        LinesInputs = "#b9c1cc",
        TableLines = "#e8ebf0",
        TableHover = "#f3f5f9",
        Divider = "#e1e5eb",
        DividerLight = "#eef0f4",
        OverlayDark = "rgba(16,24,36,0.45)",
        HoverOpacity = 0.05,
    };

    private static PaletteDark DarkPalette() => new()
    {
        Primary = "#8ab4ff",
        PrimaryContrastText = "#0c1a33",
        Secondary = "#a7b3c2",
        SecondaryContrastText = "#10161d",
        Tertiary = "#5eead4",
        Info = "#8ab4ff",
        InfoContrastText = "#0c1a33",
        Success = "#5ccf95",
        SuccessContrastText = "#06210f",
        Warning = "#e6b84d",
        WarningContrastText = "#241a00",
        Error = "#ff9488",
        ErrorContrastText = "#300a06",
        Dark = "#222c38",
        Background = "#0f141a",
        BackgroundGray = "#141a22",
        Surface = "#161d26",
        AppbarBackground = "#131a22",
        AppbarText = "#e2e8ef",
        DrawerBackground = "#131a22",
        DrawerText = "#b9c4d0",
        DrawerIcon = "#93a1b1",
        TextPrimary = "#e2e8ef",
        TextSecondary = "#9eabba",
        TextDisabled = "#77859a",
        ActionDefault = "#a7b3c2",
        ActionDisabled = "#5b6878",
        ActionDisabledBackground = "#202935",
        LinesDefault = "#28323e",
        LinesInputs = "#475464",
        TableLines = "#232c37",
        TableHover = "#1a222c",
        Divider = "#28323e",
        DividerLight = "#1d2630",
        OverlayDark = "rgba(3,6,10,0.6)",
        HoverOpacity = 0.08,
    };
}

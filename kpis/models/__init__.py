from .indicators import Indicator, IndicatorReading

__all__ = ["Indicator", "IndicatorReading"]

//! A chooser that is another one in its core.

/// Implements [`Chooser`](crate::Chooser) by the chooser in a field; `source` tells where its peers
/// come from.
macro_rules! delegate_chooser {
    ([$($generics:tt)*] $chooser:ty => $field:ident) => {
        crate::choosers::delegate::delegate_chooser!([$($generics)*] $chooser => $field, |_| None);
    };
    ([$($generics:tt)*] $chooser:ty => $field:ident, $source:expr) => {
        impl $($generics)* crate::chooser::Chooser for $chooser {
            #[inline]
            fn choose(
                &self,
                request: &crate::request::Request<'_>,
                wait: crate::wait::Wait<'_>,
            ) -> Result<crate::slot::Pick, crate::error::ChooseError> {
                self.$field.choose(request, wait)
            }

            #[inline]
            fn try_choose(
                &self,
                request: &crate::request::Request<'_>,
            ) -> Result<crate::slot::Pick, crate::error::ChooseError> {
                self.$field.try_choose(request)
            }

            fn try_again(
                &self,
                request: &crate::request::Request<'_>,
            ) -> Result<crate::slot::Pick, crate::error::ChooseError> {
                self.$field.try_again(request)
            }

            fn waited(
                &self,
                ended: Option<crate::error::ChooseErrorKind>,
                took: std::time::Duration,
            ) {
                self.$field.waited(ended, took);
            }

            fn notify_ready(
                &self,
                request: &crate::request::Request<'_>,
                notice: crate::wait::Notice,
            ) -> Option<crate::wait::NoticeId> {
                self.$field.notify_ready(request, notice)
            }

            fn cancel_notice(&self, id: crate::wait::NoticeId) -> bool {
                self.$field.cancel_notice(id)
            }

            fn drain(
                &self,
                timeout: Option<std::time::Duration>,
            ) -> Result<(), crate::error::DrainError> {
                self.$field.drain(timeout)
            }

            fn introspect(&self) -> crate::stats::ChooserStatus {
                let source = crate::chooser::Chooser::source_status(self);
                crate::stats::ChooserStatus { source, ..self.$field.introspect() }
            }

            fn stats(&self) -> crate::stats::Stats {
                self.$field.stats()
            }

            fn name(&self) -> String {
                self.$field.name().to_owned()
            }

            fn source_status(&self) -> Option<crate::stats::SourceStatus> {
                let source: fn(&Self) -> Option<crate::stats::SourceStatus> = $source;
                source(self)
            }
        }
    };
}

pub(super) use delegate_chooser;
